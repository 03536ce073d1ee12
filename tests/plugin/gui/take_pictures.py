"""The pictures of docs/wireshark.md: windows of Wireshark with the plugin and the made sample.

    take_pictures.py FOLDER        run by on_desktop.sh; leaves them in FOLDER/pictures
"""

import os
import subprocess
import sys
import time

from wireshark_gui import EgressDialog, Wireshark, at, click, empty_home, keys, picture, wait_for

WIDTH, HEIGHT = 1240, 620


def main(folder):
    empty_home(folder, ["Egress"])
    wireshark = Wireshark(folder, "azure-vm-day.pcap", "-r",
                          os.path.join(folder, "azure-vm-day.pcap"), "-C", "Egress", "-o",
                          "egress.sites:" + os.path.join(folder, "sites.csv"))
    wait_for("capture", wireshark.displayed)
    window = wireshark.resize(WIDTH, HEIGHT)

    def take(name):
        time.sleep(1)  # to be painted
        picture(os.path.join(folder, "pictures", name + ".png"), window)

    # A packet to the internet, its sentence and its fields.
    wireshark.go_to(500)
    click(next(cell for cell in wireshark.details().node if cell.name.startswith("[Egress cost")))
    keys("Right")
    take("packets")

    # The menu with the filters, its last entry but for those of other plugins.
    keys("alt+s")
    item = wireshark.menu_item("Statistics", "Egress Report and Filters")
    for _ in range(10):
        keys("Up")
        if item.getState().contains(at().STATE_FOCUSED):
            break
    keys("Right")
    time.sleep(1)
    picture(os.path.join(folder, "pictures", "menu.png"))
    keys("Escape", "Escape", "Escape")

    wireshark.menu("Statistics", "Egress Cost")
    dialog = EgressDialog(wireshark)
    dialog.tables()
    shown = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Egress Cost"],
                           stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1]
    subprocess.run(["xdotool", "windowmove", shown, "20", "40", "windowsize", "--sync", shown,
                    "1560", "900"], check=True)
    time.sleep(1)
    picture(os.path.join(folder, "pictures", "statistics.png"), shown)
    dialog.close()
    wireshark.kill()


if __name__ == "__main__":
    main(sys.argv[1])
