"""Sends a signal to a program once it has read all it was given, and waits for more.

usage: interrupted.py SIGNAL FILE REST COMMAND...

COMMAND reads FILE from a pipe that stays open, or, if REST is not empty, gets that file behind the
signal, and then the end. The exit status is that of COMMAND.
"""
import array
import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import termios
import threading
import time

PATIENCE = 60  # seconds, for a machine that has much else to do
STEADY = 5  # looks in a row that see it waiting


def feed(path, descriptor):
    try:
        os.write(descriptor, pathlib.Path(path).read_bytes())
    except BrokenPipeError:
        pass


def unread(descriptor):
    count = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, count)
    return count[0]


def is_waiting(process, number):
    """Whether it sleeps and would take the signal itself."""
    status = dict(line.split(":\t", 1) for line in
                  pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
                  if ":\t" in line)
    catches = int(status["SigCgt"], 16) >> (number - 1) & 1
    return catches and status["State"].startswith("S")


def main():
    number = getattr(signal, "SIG" + sys.argv[1])
    reading, writing = os.pipe()
    # pylint: disable-next=consider-using-with
    process = subprocess.Popen(sys.argv[4:], stdin=reading)
    feeder = threading.Thread(target=feed, args=(sys.argv[2], writing), daemon=True)
    feeder.start()
    end, seen = time.monotonic() + PATIENCE, 0
    while seen < STEADY and process.poll() is None and time.monotonic() < end:
        quiet = not feeder.is_alive() and unread(reading) == 0 and is_waiting(process, number)
        seen = seen + 1 if quiet else 0
        time.sleep(0.02)
    process.send_signal(number)
    if sys.argv[3]:
        feed(sys.argv[3], writing)
        os.close(writing)
    status = process.wait(PATIENCE)
    sys.exit(status if status >= 0 else 128 - status)


main()
