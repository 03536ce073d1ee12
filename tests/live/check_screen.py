#!/usr/bin/env python3
"""egshark -i --live on a terminal of the test's own.

    check_screen.py EGSHARK TEST

What the program writes is put on a screen as a terminal would; however it ends, the terminal has to
be as it was. Exit status 77 where there are no network namespaces.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

from network import REMOTES, Network, run_tests, send_datagrams, send_stream

ESCAPE = re.compile(r"\033\[(\??)([0-9;]*)([A-Za-z])")
WAIT = 15


class Terminal:
    """A program in the foreground of a terminal, and what that shows."""

    def __init__(self, *command, columns=80, rows=24):
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.slave)
        self.text, self.other, self.cursor, self.wraps = "", False, True, True
        self.screen, self.row, self.column = {}, 0, 0
        self.written = ""
        self.child = os.fork()
        if self.child == 0:
            self._become(command)

    def _become(self, command):
        os.close(self.master)
        # As a shell does it, so that Ctrl-Z has somebody who waits for it.
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        program = os.fork()
        if program == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(self.slave, os.getpid())
            for end in range(3):
                os.dup2(self.slave, end)
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.environ["TERM"] = "xterm"
            os.execv(command[0], command)
        status = 0
        while True:
            _, status = os.waitpid(program, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                break
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        os._exit(code)

    def program(self):
        """Its number."""
        with open(f"/proc/{self.child}/task/{self.child}/children", encoding="ascii") as children:
            return int(children.read().split()[0])

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.tell_size(columns, rows)

    def tell_size(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys):
        os.write(self.master, keys)

    def read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return
        self.text += os.read(self.master, 65536).decode()
        while self.text:
            found = ESCAPE.match(self.text)
            if found:
                self.obey(*found.groups())
                self.text = self.text[found.end():]
            elif self.text[0] == "\033" and len(self.text) < 12:
                return
            else:
                self.put(self.text[0])
                self.text = self.text[1:]

    def obey(self, private, numbers, letter):
        if private:
            on = letter == "h"
            kind = {"1049": "other", "25": "cursor", "7": "wraps"}[numbers]
            setattr(self, kind, on)
        elif letter == "H":
            self.row = self.column = 0
        elif letter in "KJ":
            for row, column in list(self.screen):
                here = row == self.row and (column >= self.column or numbers == "2")
                if here or letter == "J" and (row > self.row or numbers == "2"):
                    del self.screen[row, column]
        elif letter != "m":
            sys.exit(f"an escape that the test does not know: {private}{numbers}{letter}")

    def put(self, character):
        if not self.other:
            self.written += character
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.row += 1
            if self.other and self.row >= self.rows:
                sys.exit("the screen was scrolled")
        else:
            if self.other and self.column >= self.columns:
                sys.exit(f"a line is wider than the screen: {self.lines()[self.row]!r}, then {self.text!r}")
            self.screen[self.row, self.column] = character
            self.column += 1

    def lines(self):
        return ["".join(self.screen.get((row, column), " ") for column in range(self.columns))
                for row in range(self.rows)]

    def wait(self, what, condition):
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            if condition(self):
                return
            self.read(0.1)
        sys.exit(f"never came: {what}\n" + "\n".join(self.lines()) + self.written)

    def wait_for(self, words):
        self.wait(words, lambda self: self.other and any(words in line for line in self.lines()))

    def check_restored(self):
        have = termios.tcgetattr(self.slave)
        if have != self.before or self.other or not self.cursor or not self.wraps:
            sys.exit(f"not restored: {have}, was {self.before}; {self.other} {self.cursor} "
                     f"{self.wraps}")

    def finish(self, expected):
        """Waits for the end of the program and for what it still writes."""
        end = time.monotonic() + WAIT
        while True:
            self.read(0.1)
            done, status = os.waitpid(self.child, os.WNOHANG)
            if done:
                break
            if time.monotonic() > end:
                sys.exit("it does not end\n" + "\n".join(self.lines()))
        for _ in range(3):
            self.read(0.1)
        if os.WEXITSTATUS(status) != expected:
            sys.exit(f"status {os.WEXITSTATUS(status)}, expected {expected}\n{self.written}")
        self.check_restored()


def process_state(number):
    """Its letter: "T" when stopped."""
    with open(f"/proc/{number}/stat", encoding="ascii") as state:
        return state.read().split(") ")[1][0]


def waits_for(number, signal_number):
    """Whether the signal was sent to the process and not taken yet."""
    with open(f"/proc/{number}/status", encoding="ascii") as state:
        pending = re.search(r"^ShdPnd:\s*([0-9a-f]+)", state.read(), re.MULTILINE)
    return bool(int(pending[1], 16) >> (signal_number - 1) & 1)


def start(program, *arguments, **size):
    Network()
    terminal = Terminal(program, "-i", "eth0", "--live", *arguments, **size)
    terminal.wait_for("egshark  eth0")
    sent = send_datagrams(REMOTES[1], 100, 1000)
    assert sent == 105_600 - 1400
    terminal.wait_for(REMOTES[1])
    return terminal


def check_report(terminal):
    for words in ("CAPTURE", "OUT      101.8 KiB", REMOTES[1]):
        if words not in terminal.written:
            sys.exit(f"the report has no {words}: {terminal.written}")


def ends_with_q_and_a_report(program):
    terminal = start(program)
    # 104,200 bytes are 101.75... KiB, and at $0.087 a GiB some $0.00000844.
    terminal.wait_for("OUT  101.8 KiB")
    row = next(line for line in terminal.lines() if REMOTES[1] in line)
    assert re.match(r" +(-|[0-9.,]+ k?M?bit/s) +101\.8 KiB +\$[0-9.]+ +185", row), row
    assert "internet" in row and "0 dropped" in terminal.lines()[0], terminal.lines()
    terminal.press(b"q")
    terminal.finish(0)
    check_report(terminal)


def ends_with_control_c_and_a_report(program):
    terminal = start(program)
    terminal.press(b"\x03")
    terminal.finish(0)
    check_report(terminal)


def ends_with_sigterm_and_a_report(program):
    terminal = start(program)
    os.kill(terminal.program(), signal.SIGTERM)
    terminal.finish(0)
    check_report(terminal)


def ends_with_its_condition_and_a_report(program):
    terminal = start(program, "-a", "duration:3")
    terminal.finish(0)
    check_report(terminal)


def is_gone_after_a_signal_that_kills(program):
    for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGABRT):
        child = os.fork()
        if child == 0:
            terminal = start(program)
            os.kill(terminal.program(), number)
            terminal.finish(128 + number)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(f"signal {number}")


def is_gone_after_impatience(program):
    """The second Ctrl-C ends the program at once; here while the first one cannot be obeyed."""
    terminal = start(program)
    number = terminal.program()
    with open(f"/proc/{number}/task/{number}/children", encoding="ascii") as children:
        capturing = int(children.read())
    os.kill(capturing, signal.SIGSTOP)
    os.kill(number, signal.SIGINT)
    terminal.wait("a taken signal", lambda self: not waits_for(number, signal.SIGINT))
    os.kill(number, signal.SIGINT)
    terminal.finish(128 + signal.SIGINT)
    os.kill(capturing, signal.SIGKILL)


def makes_way_for_control_z(program):
    terminal = start(program)
    number = terminal.program()
    terminal.press(b"\x1a")
    terminal.wait("a stopped program", lambda self: process_state(number) == "T")
    terminal.wait("the old screen", lambda self: not self.other)
    terminal.check_restored()
    os.killpg(number, signal.SIGCONT)
    terminal.wait_for(REMOTES[1])
    terminal.press(b"q")
    terminal.finish(0)
    check_report(terminal)


def follows_the_size(program):
    terminal = start(program)
    for columns, rows in ((132, 50), (40, 10), (20, 3), (80, 24)):
        terminal.resize(columns, rows)
        terminal.screen = {}
        if rows >= 10:
            terminal.wait_for(REMOTES[1][:min(15, max(0, columns - 40))])
        last = "q end and report"[:columns]
        if rows >= 6:
            terminal.wait("the last line", lambda self: last in self.lines()[-1])
        time.sleep(0.3)
    terminal.press(b"q")
    terminal.finish(0)


def writes_no_more_lines_than_there_are(program):
    """One too many would scroll the first ones away. The screen here stays large, and shows it."""
    terminal = start(program)
    for rows, last in ((6, "q end"), (5, "q end"), (4, "now"), (2, "OUT"), (1, "egshark")):
        terminal.tell_size(20, rows)
        terminal.wait(f"{rows} lines", lambda self: self.row == rows - 1 and
                      last in self.lines()[rows - 1] and not "".join(self.lines()[rows:]).strip())
        assert terminal.lines()[0].startswith("egshark  eth0"), terminal.lines()
    terminal.press(b"q")
    terminal.finish(0)


def shows_no_cost_of_what_has_no_price(program):
    """A region is not known: of a regional service nothing is, whatever direction is shown."""
    Network()
    terminal = Terminal(program, "-i", "eth0", "--live", "--by", "class")
    terminal.wait_for("egshark  eth0")
    send_stream(REMOTES[0], 10_000)  # bytes in both directions
    for keys, head in ((b"", "OUT"), (b"D", "ALL")):
        terminal.press(keys)
        terminal.wait_for(head + "  1")
        row = next(line for line in terminal.lines() if " regional" in line)
        assert re.match(r" +\S+( k?bit/s)? +[0-9.,]+ KiB +\?  regional", row), row
        assert "? so far   ? an hour" in terminal.lines()[1], terminal.lines()
    terminal.press(b"q")
    terminal.finish(0)


def shows_what_the_keys_choose(program):
    terminal = start(program)
    terminal.press(b"b")
    terminal.wait_for("b by service")
    terminal.wait_for("internet")
    terminal.press(b"B")
    terminal.wait_for("b by destination")
    terminal.press(b"d")
    terminal.wait_for("d direction ingress")
    terminal.wait_for("IN  ")
    terminal.press(b"\033[A")  # an arrow is no key of the screen
    terminal.press(b"dd")
    terminal.wait_for("OUT  101.8 KiB")
    terminal.press(b"q")
    terminal.finish(0)
    check_report(terminal)


def needs_a_terminal(program):
    Network()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(write, 2)
        os.environ["TERM"] = "xterm"
        os.execv(program, [program, "-i", "eth0", "--live"])
    os.close(write)
    with os.fdopen(read) as said:
        text = said.read()
    status = os.waitpid(child, 0)[1]
    assert os.WEXITSTATUS(status) == 1, status
    assert "'--live' needs a terminal" in text, text


TESTS = (
    ends_with_q_and_a_report, ends_with_control_c_and_a_report, ends_with_sigterm_and_a_report,
    ends_with_its_condition_and_a_report, is_gone_after_a_signal_that_kills,
    is_gone_after_impatience, makes_way_for_control_z, follows_the_size,
    writes_no_more_lines_than_there_are, shows_no_cost_of_what_has_no_price,
    shows_what_the_keys_choose, needs_a_terminal)


if __name__ == "__main__":
    run_tests(TESTS)
