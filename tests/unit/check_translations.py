#!/usr/bin/env python3
"""Checks that every warning has a translation: what say() is called with in the core's sources.

usage: check_translations.py PROJECT
"""

import pathlib
import re
import sys

TABLE = "report/translations.c"

# "a" "b" PRId64 "c", as the preprocessor joins them.
JOINED = r'(?:(?:"(?:[^"\\]|\\.)*"|PRI[a-z]+\d+)\s*)+'
CALL = re.compile(r"\bsay\(\s*\w+,\s*(?:true|false|\w+),\s*(" + JOINED + r")[,)]")
ENTRY = re.compile(r"\{\s*(" + JOINED + r"),\s*" + JOINED + r"\}")
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|(PRI[a-z]+\d+)')


def joined(literal):
    return "".join(text or macro for text, macro in PIECE.findall(literal))


def main(project):
    core = pathlib.Path(project) / "common"
    known = {joined(entry) for entry in ENTRY.findall((core / TABLE).read_text(encoding="utf-8"))}
    faults, said = [], set()
    for path in sorted(core.glob("report/*.c")):
        text = path.read_text(encoding="utf-8")
        found = [joined(call) for call in CALL.findall(text)]
        calls = len(re.findall(r"^ {4,}.*\bsay\(\w+,", text, re.MULTILINE))
        if calls != len(found):
            faults.append(f"{path.name}: of {calls} calls only {len(found)} can be read")
        said.update(found)
        faults += [f"{path.name}: no translation of: {text}" for text in found
                   if text not in known]
    if not said:
        faults.append("no warning was found")
    print("\n".join(faults) or f"{len(said)} warnings are translated")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
