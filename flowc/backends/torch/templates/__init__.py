"""What stands in files of torch as it is here."""

from flowc.backends.code.template import Templates

HELPERS = Templates("torch/templates/helpers.py")
LEARNING = Templates("torch/templates/learning.py")
MESH = Templates("torch/templates/mesh.py")
MODULE = Templates("torch/templates/module.py")
