#!/usr/bin/env python3
"""Prints what zsh completes command lines to, with a completion file.

    zsh_complete.py COMPLETION LINE...

Each LINE is typed at an interactive zsh, then completed. Printed is the line as it then stands.
"""

import os
import pathlib
import pty
import re
import select
import sys
import time

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|[\r\x07\x0f]")
PATIENCE = 20  # seconds that a loaded machine may need


class Shell:
    def __init__(self, folder):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm", COLUMNS="200", LINES="50")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        self.type(f"PS1=; fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; "
                  "LISTMAX=1000; setopt no_list_ambiguous; print REA''DY\n")
        self.read_until("READY")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, mark):
        out, end = "", time.monotonic() + PATIENCE
        while mark not in out:
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                sys.exit(f"zsh_complete.py: no {mark!r} in {out!r}")
            out += os.read(self.terminal, 65536).decode(errors="replace")
        return out

    def complete(self, line):
        # The widget prints the buffer itself, so that nothing is guessed from the screen.
        self.type("show() { zle expand-or-complete; print -r -- \"<$BUFFER>\"; zle kill-buffer }; "
                  "zle -N show; bindkey '^T' show; print SE''T\n")
        self.read_until("SET")
        self.type(line + "\x14")
        shown = ESCAPES.sub("", self.read_until(">"))
        return re.search(r"<(.*)>", shown, re.DOTALL).group(1)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve().parent
    for line in sys.argv[2:]:
        print(Shell(folder).complete(line))


if __name__ == "__main__":
    main()
