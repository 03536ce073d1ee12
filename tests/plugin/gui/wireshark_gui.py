"""Wireshark's windows, read and driven by the accessibility bus and, where that has no way, the
keyboard and the mouse."""

import os
import re
import shutil
import subprocess
import sys
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)  # pyatspi's own

TIMEOUT = 120  # a busy machine takes its time; nothing here waits for longer than it must
UNSEEN = 75  # the exit status of a script that the accessibility bus does not show Wireshark


def at():
    """The accessibility bus; not before there is a program to look at, since one that comes while
    somebody looks may stay unseen."""
    import pyatspi
    Atspi.set_timeout(TIMEOUT * 1000, TIMEOUT * 1000)  # a late answer would be an empty one
    return pyatspi


class Timeout(AssertionError):
    pass


class Ended(AssertionError):
    pass


def wait_for(what, get, timeout=TIMEOUT):
    """The first true value of get(); objects may vanish while it looks."""
    end = time.monotonic() + timeout
    last = None
    events = GLib.MainContext.default()
    while time.monotonic() < end:
        while events.pending():  # else what pyatspi remembers grows old
            events.iteration(False)
        try:
            value = get()
            if value:
                return value
            last = value
        except Ended:
            raise
        except Exception as error:  # pyatspi's and D-Bus' own
            last = error
        time.sleep(0.05)
    raise Timeout(f"no {what} within {timeout} s: {last!r}"[:500])


def repeat_until(what, act, get):
    """For what may go by unheard, and may be done twice: does it again, ever less often, until
    get() is true. Returns that."""
    patience = 3
    while True:
        act()
        try:
            return wait_for(what, get, patience)
        except Timeout:
            patience *= 2
            if patience > TIMEOUT:
                raise


def keys(*names):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *names], check=True)


def type_text(text):
    subprocess.run(["xdotool", "type", "--delay", "5", text], check=True)


def picture(path, window="root"):
    subprocess.run(["import", "-window", window, path], check=True)


def is_shown(node):
    return node.getState().contains(at().STATE_SHOWING)


def find_all(node, role, name=None, depth=14):
    """Shown or not. Does not look into trees, which have a child for each cell, nor, but for its
    items, into the menu bar."""
    found = []
    kind = node.getRole()
    if kind == role and (name is None or re.search(name, node.name)):
        found.append(node)
    closed = kind == at().ROLE_TREE or (kind == at().ROLE_MENU_BAR
                                           and role != at().ROLE_MENU_ITEM)
    if depth and not closed:
        for i in range(node.childCount):
            child = node.getChildAtIndex(i)
            if child is not None:
                found += find_all(child, role, name, depth - 1)
    return found


def find(node, role, name=None):
    return wait_for(f"{role} '{name}'", lambda: find_all(node, role, name))[0]


def process_of(application):
    try:
        return application.get_process_id()
    except Exception:  # it has ended
        return None


def press(node):
    node.queryAction().doAction(0)


def click(node, button=1, count=1):
    box = node.queryComponent().getExtents(at().DESKTOP_COORDS)
    subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2),
                    str(box.y + box.height // 2), "click", "--repeat", str(count),
                    "--delay", "50", str(button)], check=True)


def is_focused(node):
    return node.getState().contains(at().STATE_FOCUSED)


def text_of(node):
    return node.queryText().getText(0, -1)


def type_into(node, text):
    """Replaces what is in an entry, by the keyboard."""
    def retype():
        repeat_until("focus", lambda: click(node), lambda: is_focused(node))
        keys("ctrl+a")
        type_text(text)
    repeat_until(f"text '{text}'", retype, lambda: text_of(node) == text)


def press_when_enabled(node):
    wait_for(f"'{node.name}' that can be pressed",
             lambda: node.getState().contains(at().STATE_ENABLED))
    press(node)


class Tree:
    """A tree of Qt: its children are the heads, then the cells of the rows that are not folded."""

    def __init__(self, node):
        self.node = node

    def heads(self):
        heads = []
        for i in range(self.node.childCount):
            child = self.node.getChildAtIndex(i)
            if child.getRole() != at().ROLE_TABLE_COLUMN_HEADER:
                break
            heads.append(child)
        return heads

    def columns(self):
        return [head.name for head in self.heads()]

    def column(self, name, rows=None):
        columns = self.columns()
        first = columns.index(name) + len(columns)
        return [self.node.getChildAtIndex(i).name
                for i in range(first, self.node.childCount, len(columns))[:rows]]

    def rows(self):
        """As dictionaries by the name of the column."""
        columns = self.columns()
        cells = [self.node.getChildAtIndex(i).name
                 for i in range(len(columns), self.node.childCount)]
        return [dict(zip(columns, cells[i:i + len(columns)]))
                for i in range(0, len(cells), len(columns))]

    def cell(self, name):
        return next(cell for cell in self.node if cell.name == name)


class Wireshark:
    """One process. There can be but one in each session of the bus."""

    def __init__(self, folder, title, *arguments):
        self.log = os.path.join(folder, "wireshark.log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(["wireshark", *arguments], stdout=log,
                                            stderr=subprocess.STDOUT)
        try:
            wait_for("window of " + title, lambda: self.is_running() and self.windows(title))
            self.application = self.see()
            self.window = wait_for("main window", lambda: next(
                node for node in self.seen() if node.getRole() == at().ROLE_FRAME
                and is_shown(node)))
        except BaseException:
            picture(os.path.join(folder, "pictures", "not_started.png"))
            self.kill()
            raise

    def see(self):
        """On the accessibility bus. Qt comes there, for good, or misses it, for good: then the
        script ends, and on_desktop.sh has another try. The longer Qt has had to start, the rarer."""
        time.sleep(1)
        try:
            return wait_for("Wireshark on the accessibility bus", self.find_application, 20)
        except Timeout as unseen:
            print(unseen, file=sys.stderr, flush=True)
            self.kill()
            os._exit(UNSEEN)

    def find_application(self):
        return next(node for node in at().Registry.getDesktop(0)
                    if process_of(node) == self.process.pid)

    def seen(self):
        """Its windows, asked for anew: of one that opened under load the bus may not have told."""
        self.application.clear_cache()
        return self.application

    def is_running(self):
        if self.process.poll() is not None:
            raise Ended(f"Wireshark ends with {self.process.returncode}: {self.output()}")
        return True

    def windows(self, title=""):
        """Of the X server, as it numbers them."""
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                               str(self.process.pid), "--name", title], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=False).stdout.split()

    def output(self):
        with open(self.log) as log:
            return log.read()

    def title(self):
        return self.window.name

    def status(self):
        labels = find_all(self.window, at().ROLE_LABEL, "^Packets: ")
        return labels[0].name if labels else ""

    def packets(self):
        """How many packets there are, and how many are displayed."""
        match = re.search(r"Packets: (\d+)(?:.*Displayed: (\d+))?", self.status())
        return match and (int(match[1]), int(match[2] or match[1]))

    def displayed(self):
        found = self.packets()
        return found[1] if found else None

    def wait_until_loaded(self, packets):
        wait_for(f"{packets} packets", lambda: self.packets()[0] == packets)

    def menu_item(self, *path):
        items = find(self.window, at().ROLE_MENU_BAR)
        for name in path:
            node = wait_for(f"menu item '{name}'",
                            lambda: [item for item in items
                                     if re.fullmatch(name, item.name)])[0]
            items = node[0] if node.childCount else ()
        return node

    def menu(self, *path):
        press_when_enabled(self.menu_item(*path))

    def choose_last(self, node, what, get):
        """Of the menu that a right click opens, which the bus does not tell of, until get()."""
        def choose():
            keys("Escape")  # what an earlier try has left open
            before = set(self.windows())
            click(node, 3)
            wait_for("menu", lambda: set(self.windows()) - before, 10)
            keys("Up", "Return")
        repeat_until(what, choose, get)

    def packet_list(self):
        return Tree(find(self.window, at().ROLE_TREE, "^Packet list$"))

    def dialogs(self, name):
        found = []
        for window in self.seen():
            try:
                if re.search(name, window.name) and window.getRole() in (
                        at().ROLE_DIALOG, at().ROLE_ALERT, at().ROLE_FRAME):
                    found.append(window)
            except Exception:  # it has just been closed
                continue
        return found

    def dialog(self, name):
        return wait_for(f"dialog '{name}'", lambda: self.dialogs(name))[0]

    def wait_until_closed(self, name):
        wait_for(f"end of dialog '{name}'", lambda: not self.dialogs(name))

    def filter_text(self):
        for entry in find_all(self.window, at().ROLE_TEXT, "^Display filter entry$"):
            if is_shown(entry):
                return text_of(entry)
        return None

    def details(self):
        return Tree(find(self.window, at().ROLE_TREE, "^Packet details$"))

    def go_to(self, number):
        """Selects a packet."""
        self.menu("Go", "Go to Packet…")
        button = wait_for("bar to go to a packet", lambda: next(
            button for button in find_all(self.window, at().ROLE_PUSH_BUTTON, "^Go to packet$")
            if is_shown(button)))
        entry = next(node for node in find_all(button.parent, at().ROLE_TEXT) if is_shown(node))
        type_into(entry, str(number))
        press_when_enabled(button)
        wait_for(f"details of packet {number}", lambda: any(
            cell.name.startswith(f"Frame {number}:") for cell in self.details().node))

    def resize(self, width, height):
        window = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                                 str(self.process.pid), "--name", re.escape(self.window.name)],
                                stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1]
        subprocess.run(["xdotool", "windowmove", window, "10", "30",
                        "windowsize", "--sync", window, str(width), str(height)], check=True)
        return window

    def quit(self):
        """As a user does, so that settings are saved."""
        self.menu("File", "Quit")
        self.process.wait(TIMEOUT)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class EgressDialog:
    """Statistics > Egress Cost."""

    def __init__(self, wireshark, number=0):
        self.node = wait_for(f"dialog {number} of the costs",
                             lambda: wireshark.dialogs("Egress Cost")[number])

    def tree(self):
        return Tree(find(self.node, at().ROLE_TREE))

    def tables(self):
        """The rows of each table by its title, every cell without blanks around; but in front of
        "Goes to", where they tell that a text goes on."""
        tables, rows = {}, None
        for row in wait_for("rows in the dialog", lambda: self.tree().rows()):
            if row["Goes to"] == "" and row["Note"] == "" and not row["#"].isdigit():
                rows = tables.setdefault(row["#"], [])
            else:
                rows.append({name: cell.rstrip() if name == "Goes to" else cell.strip()
                             for name, cell in row.items()})
        return tables

    def button(self, name):
        return find(self.node, at().ROLE_PUSH_BUTTON, f"^{name}$")

    def apply(self, text):
        type_into(find(self.node, at().ROLE_TEXT), text)
        press_when_enabled(self.button("Apply"))

    def copied(self):
        """What the button Copy gives: the cells of each row, blanks around them gone."""
        clipboard = ["xclip", "-selection", "clipboard"]
        subprocess.run([*clipboard, "-i", os.devnull], check=True, timeout=TIMEOUT)
        press(self.button("Copy"))
        text = wait_for("copied text", lambda: subprocess.run(
            [*clipboard, "-o"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            check=True, timeout=TIMEOUT).stdout)
        return [line.split() for line in text.splitlines()]

    def close(self):
        press(self.button("Close"))


def empty_home(folder, profiles=()):
    home = os.path.join(folder, "home")
    shutil.rmtree(home)
    for profile in profiles:
        shutil.copytree(os.path.join(folder, profile),
                        os.path.join(home, ".config/wireshark/profiles", profile))
    os.makedirs(home, exist_ok=True)
