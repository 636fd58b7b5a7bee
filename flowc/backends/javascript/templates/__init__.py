"""What stands in files of JavaScript as it is here."""

import re
from pathlib import Path

from flowc.backends.code.text_functions import functions_in

TEMPLATES = functions_in(Path(__file__).parent, ".js", r"(?:export )?function (\w+)\([^)]*\) \{")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CALL = re.compile(r"(?<![.\w])([A-Za-z_]\w*)\(")


def called_by(name: str) -> list[str]:
    """The others that a template calls, in the order of their first call."""
    names = dict.fromkeys(_CALL.findall(_COMMENT.sub("", TEMPLATES[name])))
    return [other for other in names if other in TEMPLATES and other != name]
