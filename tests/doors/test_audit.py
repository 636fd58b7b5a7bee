"""What every verb asks of the system, as Python's audit hooks see it: files of its own folder, and nothing else."""

import json
import os
import shutil
import subprocess
import sys

from tests.doors.command import EXAMPLES, ROOT

WATCHED = """
import json, os, sys

events, MODULES = [], ("socket", "subprocess", "shutil", "urllib", "http", "ftplib", "webbrowser", "pickle", "pty")
CALLS = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.remove", "os.rename", "os.mkdir",
         "os.rmdir", "os.link", "os.symlink", "os.truncate")

def hook(event, arguments):
    if event == "open" and not isinstance(arguments[0], int):
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        events.append(["writes" if writes else "reads", os.path.realpath(os.fsdecode(arguments[0]))])
    elif event in CALLS:
        events.append([event, *(os.path.realpath(os.fsdecode(a)) for a in arguments if isinstance(a, (str, bytes)))])
    elif event.split(".")[0] in MODULES:
        events.append([event, repr(arguments)])

from flowc.__main__ import main
import numpy, torch, matplotlib.pyplot, typst, ziamath, mpmath, scipy.sparse, safetensors.numpy  # what they do is theirs
sys.addaudithook(hook)
for command in sys.stdin.read().splitlines():
    start = len(events)
    status = main(command.split())
    seen = {tuple(event) for event in events[start:]}
    print(json.dumps([command, status, sorted(seen)]), file=sys.__stderr__)
"""

COMMANDS = [
    "check iris.flow", "fmt --check iris.flow", "compile iris.flow -o a.py", "compile iris.flow --backend torch --train -o a.py",
    "compile xor.flow --style fast -o a.py", "run iris.flow --data iris.csv -o a.csv", "run xor.flow --backend torch -o a.csv x1=0 x2=1",
    "trace xor.flow -o a.md x1=0 x2=1", "test xor.flow", "train iris.flow --quiet -o a.safetensors --log log.csv --checkpoint b.safetensors",
    "draw xor.flow -o a.svg", "draw xor.flow -o a.png", "draw xor.flow -o a.pdf", "draw xor.flow -o a.tex",
    "plot xor_learnt.flow --activations -o a.png", "equations xor.flow -o a.tex", "verify xor.flow --seconds 0", "explain cycle",
    "functions step", "backends",
]  # fmt: skip



def test_a_verb_touches_its_own_folder_and_nothing_else(tmp_path):
    folder, cache = tmp_path / "folder", tmp_path / "cache"
    folder.mkdir()
    for name in ("iris.flow", "iris.csv", "xor.flow", "xor_learnt.flow"):
        shutil.copy(EXAMPLES / name, folder)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "MPLCONFIGDIR": str(cache), "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-c", WATCHED]
    ran = subprocess.run(arguments, input="\n".join(COMMANDS), cwd=folder, env=environment, capture_output=True, text=True, check=True)
    reports = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith('["')]
    assert [command for command, _, _ in reports] == COMMANDS
    own = (str(folder), str(cache))
    installed = (sys.prefix, sys.base_prefix, str(ROOT), *filter(None, sys.path), "/proc/", "/sys/", "/etc/", "/dev/null")
    for command, status, events in reports:
        assert status == 0, command
        for event, *details in events:
            if event == "pickle.find_class":  # Lark reads the parser's table, which it has written itself
                assert details[0].startswith(("('lark.", "('builtins', 'set')")), (command, details)
            else:
                assert event in ("reads", "writes", "os.remove", "os.rename", "os.mkdir"), (command, event, details)
                where = (*own, *installed) if event == "reads" else own
                assert all(path.startswith(where) for path in details), (command, event, details)
