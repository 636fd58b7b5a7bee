"""What stands in files of every library as it is here."""

from flowc.backends.code.template import Templates

BATCHES = Templates("python/templates/batches.py")
HELPERS = Templates("python/templates/helpers.py")
LEARNING = Templates("python/templates/learning.py")
READERS = Templates("python/templates/readers.py")
