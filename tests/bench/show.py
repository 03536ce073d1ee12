"""The tables of a run of scripts/bench, as Markdown that is read as it is."""

import statistics

import captures

EGSHARK = "egshark -n, one thread"
TWO = "egshark -n, two threads"
BEGIN, END = "<!-- scripts/bench --doc writes from here -->", "<!-- to here -->"


def seconds(results, capture, contestant):
    samples = results["captures"].get(capture, {}).get("samples", {}).get(contestant)
    return [sample[0] for sample in samples] if samples else None


def ratio(results, capture, slow, fast):
    """The median of the ratios within each round; None: not measured."""
    above, below = seconds(results, capture, slow), seconds(results, capture, fast)
    if above is None or below is None:
        return None
    return statistics.median(a / b for a, b in zip(above, below))


def median(results, capture, contestant):
    values = seconds(results, capture, contestant)
    return statistics.median(values) if values else None


def table(head, rows):
    """Numbers, which is every column but the first and those whose head ends in a blank, to the
    right."""
    left = [i == 0 or name.endswith(" ") for i, name in enumerate(head)]
    cells = [[str(cell) for cell in row] for row in rows]
    width = [max(len(row[i]) for row in [[name.strip() for name in head], *cells])
             for i in range(len(head))]  # fmt: skip

    def line(row):
        return "| " + " | ".join(cell.ljust(size) if to_left else cell.rjust(size) for
                                 cell, size, to_left in zip(row, width, left)) + " |"  # fmt: skip

    rule = "|" + "|".join("-" * (size + 2) if to_left else "-" * (size + 1) + ":"
                          for size, to_left in zip(width, left)) + "|"  # fmt: skip
    return "\n".join([line([name.strip() for name in head]), rule, *map(line, cells)])


def shown(value, digits, unit=""):
    return "not measured" if value is None else f"{value:,.{digits}f}{unit}"


# ---- goals ----


def peak(results):
    """MB, of egshark over captures of 20,000 destinations."""
    kib = [sample[1] for name in ("full", "s96", "s96x6", "pcapng", "snoop")
           for contestant, samples in results["captures"].get(name, {}).get("samples", {}).items()
           if contestant.startswith("egshark -n") for sample in samples]  # fmt: skip
    return max(kib) / 1024 if kib else None


def plugin_share(results, kind="with it"):
    samples = results.get("plugin")
    if not samples:
        return None
    return 100 * statistics.median(with_[0] / without[0] - 1 for with_, without in zip(
        samples[kind], samples["without the plugin"]))  # fmt: skip


def instructions(results, dedup):
    counted = results.get("instructions", {}).get(dedup, {})
    return counted.get("all", counted.get("each"))


def start(results):
    return 1000 * value if (value := median(results, "one", "egshark, with names")) else None


def goals(results):
    """(what, the goal's text, whether it is an upper bound, its number, result, digits, unit)"""
    times = "×"
    return [
        ("faster than `tshark -q -n -z endpoints,ip`, `full`, two threads", ">=", 150,
         ratio(results, "full", "tshark -q -n -z endpoints,ip", TWO), 0, times),
        ("faster than a libpcap loop with a hash, `full`, one thread", ">=", 1.5,
         ratio(results, "full", "libpcap loop with a hash", EGSHARK), 2, times),
        ("the same, `s96x6`", ">=", 2,
         ratio(results, "s96x6", "libpcap loop with a hash", EGSHARK), 2, times),
        ("times `cat`, `full`, one thread", "<=", 1.4, ratio(results, "full", EGSHARK, "cat"), 2,
         times),
        ("times `cat`, `full`, two threads", "<=", 0.8, ratio(results, "full", TWO, "cat"), 2,
         times),
        ("times `cat`, `s96x6`, one thread", "<=", 2.5, ratio(results, "s96x6", EGSHARK, "cat"), 2,
         times),
        ("instructions a packet, `s96`, de-duplication off", "<=", 120,
         instructions(results, "off"), 0, ""),
        ("the same, de-duplication on", "<=", 260, instructions(results, "on"), 0, ""),
        ("from start to report, one packet, with names", "<=", 30, start(results), 1, " ms"),
        ("peak memory, 20,000 destinations, any file", "<=", 32, peak(results), 1, " MB"),
        ("times a bare wtap_read() loop, `snoop`", "<=", 1.3,
         ratio(results, "snoop", EGSHARK, "bare wtap_read() loop"), 2, times),
        ("what the plugin adds to a dissection", "<=", 10, plugin_share(results), 1, " %"),
    ]  # fmt: skip


def verdict(sign, goal, result):
    if result is None:
        return ""
    return "met" if (result >= goal if sign == ">=" else result <= goal) else "missed"


def goals_table(results):
    sign_text = {">=": "≥", "<=": "≤"}
    rows = [(what, f"{sign_text[sign]} {goal:g}{unit}", shown(result, digits, unit),
             verdict(sign, goal, result))
            for what, sign, goal, result, digits, unit in goals(results)]  # fmt: skip
    return table(["measure", "goal", "result", "goal is "], rows)


# ---- the other tables ----


def capture_table(results, name):
    measured = results["captures"][name]
    base = "cat" if "cat" in measured["samples"] else None
    rows = []
    for contestant, samples in measured["samples"].items():
        middle = median(results, name, contestant)
        to_cat = f"{ratio(results, name, contestant, base):.2f}" if base else ""
        to_us = ratio(results, name, contestant, EGSHARK)
        processor = [sample[2] for sample in samples if len(sample) > 2]
        rows.append((f"`{contestant}`", f"{middle:.3f}", f"{min(s[0] for s in samples):.3f}",
                     f"{statistics.median(processor):.3f}" if processor else "", to_cat,
                     f"{to_us:.2f}" if to_us else "", f"{max(s[1] for s in samples) / 1024:.0f}",
                     measured["totals"][contestant]))  # fmt: skip
    return table(["program", "median s", "least s", "processor s", "× cat", "× egshark", "peak MB",
                  "totals "], rows)  # fmt: skip


def capture_title(results, name):
    measured = results["captures"][name]
    size = f"; {measured['packets']:,} frames, {measured['bytes'] / 1e6:,.0f} MB"
    return f"`{name}`: {captures.CAPTURES[name][0]}" + (size if measured["packets"] > 1 else "")


def steps_table(results):
    said = {
        "decode": "decode: Ethernet to ports, `eg_packet_decode()`",
        "frames": "decode and add to a known cell, 256 at a time, `eg_session_add_frames()`",
        "known": "add to a known cell of 20,000, `eg_matrix_add()`",
        "prefixes": "look up in 49,904 prefixes, `eg_prefix_table_find()`",
        "prefixes, built": "build that table",
        "ranges": "look up in all built-in ranges, `eg_ranges_find()`",
        "ranges, made ready": "make the built-in ranges ready",
    }
    rows = [(said[step], duration(statistics.median(figures["ns"])),
             f"{figures['instructions']:,.0f}" if "instructions" in figures else "")
            for step, figures in results["core"]["steps"].items()]  # fmt: skip
    return table(["step", "time", "instructions"], rows)


def duration(ns):
    return f"{ns:.1f} ns" if ns < 1e3 else f"{ns / 1e3:.1f} us" if ns < 1e6 else f"{ns / 1e6:.1f} ms"


def curve_table(results):
    rows = [(f"{row['count']:,}", f"{row['new_ns']:.0f}", f"{row['again_ns']:.0f}",
             f"{row['cell_bytes'] / row['cells']:.1f}",
             f"{row['address_bytes'] / row['cells']:.1f}",
             f"{row['overflow_packets']:,}") for row in results["core"]["curve"]]  # fmt: skip
    return table(["destinations", "ns, new", "ns, again", "bytes a cell", "bytes an address",
                  "past the ceiling"], rows)  # fmt: skip


def collide_table(results):
    rows = [(row["keys"], f"{row['count']:,}", f"{row['ns']:.0f}", f"{row['worst_ns']:.0f}")
            for row in results["core"]["collide"]]
    return table(["keys", "count", "ns, median seed", "ns, worst seed"], rows)


def plugin_table(results):
    rows = [(kind, f"{statistics.median(s[0] for s in samples):.2f}",
             f"{statistics.median(s[1] for s in samples):.2f}",
             f"{plugin_share(results, kind):+.1f} %" if kind != "without the plugin" else "")
            for kind, samples in results["plugin"].items()]  # fmt: skip
    return table(["tshark -q -z io,stat,0", "processor s", "clock s", "more"], rows)


def instructions_table(results):
    rows = [(f"de-duplication {dedup}", shown(counted.get("all"), 0), shown(counted["each"], 0))
            for dedup, counted in results["instructions"].items()]
    return table(["`s96`, one thread", "a packet, start and report included", "a further packet"],
                 rows)


def machine_line(results):
    on = results["machine"]
    return (f"{on['date']}; {on['cores']} cores ({on['processor']}), {on['memory_gib']} GiB; medians "
            f"of {results['runs']} run{'s' * (results['runs'] > 1)}, load {on['load']:.1f} when they "
            "began")  # fmt: skip


def missing_lines(results):
    return [f"Not installed, so not measured: {name}." for name in results.get("missing", [])]


def everything(results):
    parts = [machine_line(results), *missing_lines(results)]
    if results["quick"]:
        parts.append("Small captures, to try the bench: these figures mean nothing.")
    parts += ["### Goals", goals_table(results)]
    for name in results["captures"]:
        parts += [f"### {capture_title(results, name)}", capture_table(results, name)]
    if "instructions" in results:
        parts += ["### Instructions", instructions_table(results)]
    if "core" in results:
        parts += ["### Steps by themselves", steps_table(results), "### Many destinations",
                  curve_table(results), "### Keys that somebody chose", collide_table(results)]
    if "plugin" in results:
        parts += ["### The plugin", plugin_table(results)]
    return "\n\n".join(parts)


def into_doc(path, results):
    """Replaces what is between the markers."""
    text = path.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n\n{everything(results)}\n\n{END}{after}")
