#!/usr/bin/env python3
"""Checks the laws of the core that a compiler does not.

usage: check_laws.py PROJECT [LIBRARY]

In PROJECT/common, the core:
  - a step includes itself and the steps to its left; report/ and the files over the steps may
    also include the headers over them
  - besides, only the C and POSIX headers named here are included, and those of a library by the
    one file that is its door
  - no call that prints, ends the process, reads the environment, or that the style forbids
  - a source file includes its own header first
  - what report/ writes of an address comes from report/redact.c
  - no two files have one name
In the faces, PROJECT/standalone and PROJECT/plugin:
  - of the core, only egress.h and what it includes itself
In LIBRARY, the core compiled: no object that can be written to (POSIX objdump).
"""

import pathlib
import re
import subprocess
import sys

STEPS = ["base", "packet", "capture", "names", "traffic", "data", "classify", "price", "report"]

FACES = ["standalone", "plugin"]

SYSTEM_HEADERS = {
    "assert.h",  # for static_assert
    "ctype.h", "errno.h", "inttypes.h", "limits.h", "stdarg.h", "stdbool.h", "stddef.h",
    "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h", "sys/stat.h", "time.h",
}

# What one file alone may include: the door to a library, or to a part of POSIX.
HEADERS_OF_FILES = {
    "base/json.c": {"cjson/cJSON.h"},
    "base/pseudonym.c": {"fcntl.h", "gcrypt.h", "unistd.h"},
    "names/dns_names.c": {"arpa/nameser.h"},
    "names/quic_names.c": {"gcrypt.h"},
    "names/places.c": {"pthread.h"},
    "names/places_loc.c": {"dlfcn.h", "libloc/as.h", "libloc/database.h", "libloc/libloc.h",
                           "libloc/network.h"},
    "names/places_mmdb.c": {"maxminddb.h", "netinet/in.h", "sys/socket.h"},
}  # fmt: skip

FORBIDDEN_CALLS = [
    "printf", "vprintf", "fprintf", "vfprintf", "puts", "fputs", "putchar", "fputc", "putc",
    "perror", "dprintf", "exit", "_exit", "_Exit", "quick_exit", "abort", "assert", "raise",
    "signal", "atexit", "system", "getenv", "secure_getenv", "setenv", "putenv", "setlocale",
    "strcpy", "strcat", "sprintf", "vsprintf", "strtok", "atoi", "atol", "atof", "gets",
    "localtime", "gmtime", "ctime", "strerror", "alloca", "rand", "random",
]  # fmt: skip

# The program that makes the built-in facts: it runs while the core is built and is not in it.
FACTS_PROGRAM = "data/facts"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)
COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL
)
CALL = re.compile(r"\b(" + "|".join(FORBIDDEN_CALLS) + r")\s*\(")
STREAM = re.compile(r"\b(stdout|stderr|stdin)\b")


def step_of(path):
    """The place of a file in the line of steps; files over the steps come last."""
    if "/" not in path or path.startswith(FACTS_PROGRAM):
        return len(STEPS)
    return STEPS.index(path.split("/")[0])


def may_include(path, header):
    return step_of(header) <= step_of(path) or path.startswith("report/")


def blank(match):
    """Hides comments and strings, and keeps the lines."""
    return "\n" * match.group().count("\n") + '""'


def include_faults(path, text, known):
    for form, header in INCLUDE.findall(text):
        if form == "<":
            allowed = header in SYSTEM_HEADERS
            allowed |= header in HEADERS_OF_FILES.get(path, ())
            if not allowed:
                yield f"<{header}> does not belong into the core"
        elif header not in known:
            yield f'"{header}" is not a header of the core, spelled from its root'
        elif not may_include(path, header):
            yield f'"{header}" lies to the right of this step'


def own_header_faults(path, text, known):
    own = path[:-2] + ".h"
    includes = INCLUDE.findall(text)
    if path.endswith(".c") and own in known and (not includes or includes[0][1] != own):
        yield f'its own header "{own}" is not included first'


def redaction_faults(path, text):
    if not path.startswith("report/") or path == "report/redact.c":
        return
    for number, line in enumerate(COMMENT_OR_STRING.sub(blank, text).split("\n"), 1):
        if re.search(r"\beg_address_text\s*\(", line):
            yield f"line {number}: an address that --redact would not hide: eg_report_address()"


def call_faults(path, text):
    if path.startswith(FACTS_PROGRAM):
        return
    for number, line in enumerate(COMMENT_OR_STRING.sub(blank, text).split("\n"), 1):
        for found in CALL.findall(line) + STREAM.findall(line):
            yield f"line {number}: {found}"


def sources_in(folder):
    """Path from the folder and text of each source file, in order."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".c", ".h"):
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


def core_faults(sources, known):
    names = {}
    for path, text in sources.items():
        for fault in (
            *include_faults(path, text, known),
            *own_header_faults(path, text, known),
            *call_faults(path, text),
            *redaction_faults(path, text),
        ):
            yield f"common/{path}: {fault}"
        other = names.setdefault(pathlib.PurePath(path).name, path)
        if other != path:
            yield f"common/{path}: has the name of {other}"


def face_faults(project, door, known):
    """door: the text of egress.h."""
    public = {"egress.h"} | {header for _, header in INCLUDE.findall(door)}
    for face in FACES:
        for path, text in sources_in(project / face):
            for _, header in INCLUDE.findall(text):
                if header in known - public:
                    yield f'{face}/{path}: "{header}" is no header for faces'


def source_faults(project):
    sources = dict(sources_in(project / "common"))
    known = {path for path in sources if path.endswith(".h")}
    if "egress.h" not in known:
        return [f"{project}: no core here"]
    return [*core_faults(sources, known), *face_faults(project, sources["egress.h"], known)]


def object_faults(library):
    """Constants with pointers are in .data.rel.ro, which the loader protects."""
    table = subprocess.run(
        ["objdump", "-t", library], check=True, capture_output=True, text=True
    ).stdout
    writable = re.compile(r"^\S+ (.{7}) (\.t?(?:data|bss)\S*)\s+\S+ (?:\.hidden )?(\S+)$")
    for line in table.split("\n"):
        found = writable.match(line)
        if found and "O" in found[1] and not found[2].startswith(".data.rel.ro"):
            yield f"{library}: {found[3]} can be written to ({found[2]})"


def main(arguments):
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    faults = source_faults(pathlib.Path(arguments[0]))
    if len(arguments) == 2:
        faults += object_faults(arguments[1])
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
