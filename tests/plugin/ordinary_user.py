"""Programs over libwireshark with the plugin loaded, run as an ordinary user with an empty home.

As root Wireshark ignores WIRESHARK_PLUGIN_DIR in silence; and what a developer's own Wireshark is
set to must not show.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534
TIMEOUT = 600


class PluginNotLoaded(Exception):
    pass


class OrdinaryUser:
    """with OrdinaryUser(plugin) as user: user.run(["tshark", ...])

    plugin: egress.so; reader: egress-etl.so; bare: without Wireshark's dictionaries and tables of
    names, which the plugin never looks at, and which are 40 % of the time that tshark takes to
    start.
    """

    def __init__(self, plugin=None, reader=None, bare=False, **environment):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="egress-plugin."))
        self.folder.chmod(0o755)
        home = self.folder / "home"
        home.mkdir()
        home.chmod(0o777)
        self.environment = {
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "TZ": "UTC",
            "WIRESHARK_EXTCAP_DIR": str(self.folder / "none"),  # -G plugins starts what is there
            "WIRESHARK_PLUGIN_DIR": str(self.folder / "plugins"),
            **environment,
        }
        if bare:
            nothing = self.folder / "nothing"
            nothing.mkdir()
            self.environment["WIRESHARK_DATA_DIR"] = str(nothing)
        self.prefix = []
        if os.geteuid() == 0:
            self.prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if plugin:
            self.install(pathlib.Path(plugin), "epan")
        if reader:
            self.install(pathlib.Path(reader), "wiretap")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def install(self, plugin, kind):
        """Puts a plugin where this version of Wireshark looks, and makes sure that it is seen."""
        folders = self.run(["tshark", "-G", "folders"]).stdout.decode()
        folder = next(line.split("\t")[-1].strip() for line in folders.splitlines()
                      if line.startswith("Global Plugins:"))
        os.makedirs(os.path.join(folder, kind))
        shutil.copy(plugin, os.path.join(folder, kind))
        listed = self.run(["tshark", "-G", "plugins"])
        if not re.search(rb"^%s\s" % plugin.name.encode(), listed.stdout, re.MULTILINE):
            raise PluginNotLoaded(f"Wireshark does not load {plugin}:\n"
                                  + listed.stderr.decode(errors="replace"))

    def run(self, command, **environment):
        return subprocess.run([*self.prefix, *command], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=TIMEOUT, check=False, cwd=self.folder,
                              env={**self.environment, **environment})


def tell(faults):
    """Prints them; the exit status."""
    for fault in faults:
        print(str(fault)[:600])
    return 1 if faults else 0


def run_check(main):
    """Runs a script's main(arguments), the first of which is the script, and exits."""
    try:
        sys.exit(main(sys.argv))
    except PluginNotLoaded as error:
        sys.exit(f"FAILED: {error}")
