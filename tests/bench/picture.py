"""The times of a run of scripts/bench as bars, in SVG, on a logarithmic scale."""

import html
import math

import show

LEFT, WIDTH, RIGHT, ROW, BAR = 270, 400, 90, 24, 14
STYLE = """text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.t{font-weight:600}.m{fill:#59636e}.g{stroke:#d1d9e0}.b{fill:#9aa4b0}.e{fill:#0969da}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.m{fill:#9198a1}.g{stroke:#3d444d}
.b{fill:#656c76}.e{fill:#4493f8}}"""


def scale(values):
    """Powers of ten around the values."""
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def place(value, low, high):
    return LEFT + WIDTH * (math.log10(value) - low) / (high - low)


def power(exponent):
    return f"{10**exponent:g} s"


def grid(top, bottom, low, high):
    made = []
    for exponent in range(low, high + 1):
        x = place(10**exponent, low, high)
        made += [f'<path class="g" d="M{x:.1f} {top}V{bottom}"/>',
                 f'<text class="m" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">'
                 f"{power(exponent)}</text>"]  # fmt: skip
    return made


def bar(top, name, value, low, high):
    end = place(value, low, high)
    kind = "e" if name.startswith("egshark") else "b"
    y, text = top + (ROW - BAR) / 2, top + ROW / 2 + 4.5
    number = f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
    return [f'<text x="{LEFT - 10}" y="{text}" text-anchor="end">{html.escape(name)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" '
            'rx="2"/>',
            f'<text x="{end + 7:.1f}" y="{text}">{number}</text>']  # fmt: skip


def panel(results, capture, top):
    """The lines of one capture's bars, and where the next may begin."""
    samples = results["captures"][capture]["samples"]
    values = sorted(((show.median(results, capture, name), name) for name in samples))
    low, high = scale([value for value, _ in values])
    title = show.capture_title(results, capture).replace("`", "")
    made = [f'<text class="t" x="16" y="{top + 12}">{html.escape(title)}</text>']
    first = top + 24
    bottom = first + ROW * len(values)
    made += grid(first, bottom, low, high)
    for number, (value, name) in enumerate(values):
        made += bar(first + ROW * number, name, value, low, high)
    return made, bottom + 44


def draw(results):
    made, top = [], 14
    for capture in ("full", "s96x6"):
        if capture in results["captures"]:
            lines, top = panel(results, capture, top)
            made += lines
    on = results["machine"]
    note = (f"less is better; a step of the scale is ten times the time; {on['cores']} cores, "
            f"{on['date']}")  # fmt: skip
    made.append(f'<text class="m" x="16" y="{top - 4}">{note}</text>')
    size = f"{LEFT + WIDTH + RIGHT} {top + 10}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{size.split()[0]}" '
        f'height="{size.split()[1]}" role="img" aria-label="Seconds a capture, by program">',
        f"<style>{STYLE}</style>", *made, "</svg>", ""])  # fmt: skip
