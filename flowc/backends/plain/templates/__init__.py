"""What stands in files of plain Python as it is here."""

from flowc.backends.code.template import Templates

HELPERS = Templates("plain/templates/helpers.py")
