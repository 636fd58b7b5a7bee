"""What stands in files of numpy as it is here."""

from flowc.backends.code.template import Templates

HELPERS = Templates("numpy/templates/helpers.py")
LEARNING = Templates("numpy/templates/learning.py")
MESH = Templates("numpy/templates/mesh.py")
TAPE = Templates("numpy/templates/tape.py")
