#!/usr/bin/env python3
"""Prints members of a JSON document on standard input, one a line.

    pick.py frames.total 'destinations[].address' 'inputs[0].format'

'[]' goes through an array: one line with all its values, separated by blanks.
"""

import json
import re
import sys


def follow(value, steps):
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if step == "[]":
        return [follow(element, rest) for element in value]
    return follow(value[int(step[1:-1]) if step[0] == "[" else step], rest)


def text(value):
    return value if isinstance(value, str) else json.dumps(value)


def main():
    document = json.load(sys.stdin, parse_float=lambda digits: digits)
    for path in sys.argv[1:]:
        value = follow(document, re.findall(r"\[\d*\]|[^.\[\]]+", path))
        print(" ".join(map(text, value)) if isinstance(value, list) else text(value))


if __name__ == "__main__":
    main()
