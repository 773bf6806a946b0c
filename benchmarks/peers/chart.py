"""The SVG: a dot for each peer in each cell, by its training step over libmlp's, on a log scale."""
import math
from xml.sax.saxutils import escape

from table import label

LEFT, RIGHT, TOP, ROW, BOTTOM, WIDTH = 310, 160, 120, 50, 60, 1080
SIZE, STAGGER = 6, 3.5
# Okabe and Ito's colours, told apart by colour-blind readers; marks besides, for print.
COLOURS = ["#000000", "#E69F00", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#8C6D00"]


def _mark(kind, x, y, colour):
    s = SIZE
    shapes = {
        "circle": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{s}"',
        "square": f'<rect x="{x - s:.1f}" y="{y - s:.1f}" width="{2 * s}" height="{2 * s}"',
        "diamond": f'<path d="M{x:.1f} {y - 1.3 * s:.1f}l{1.3 * s} {1.3 * s}l{-1.3 * s} {1.3 * s}'
                   f'l{-1.3 * s} {-1.3 * s}z"',
        "up": f'<path d="M{x:.1f} {y - 1.2 * s:.1f}l{1.2 * s} {2.2 * s}h{-2.4 * s}z"',
        "down": f'<path d="M{x:.1f} {y + 1.2 * s:.1f}l{1.2 * s} {-2.2 * s}h{-2.4 * s}z"'}
    return f'{shapes[kind]} fill="{colour}" fill-opacity="0.85" stroke="white"/>'


MARKS = ["circle", "square", "diamond", "up", "down"]


def _style(number):
    return MARKS[number % len(MARKS)], COLOURS[number % len(COLOURS)]


def _text(x, y, text, **attributes):
    spelled = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{spelled}>{escape(text)}</text>'


def _measured(cell):
    return {name: peer["step_ratio"] for name, peer in cell["peers"].items() if "skipped" not in peer}


class _Scale:
    """Ratios to places between LEFT and WIDTH - RIGHT."""

    def __init__(self, ratios):
        self.low = math.log10(min([0.9, *ratios])) - 0.05
        self.high = math.log10(max([2, *ratios])) + 0.05

    def place(self, ratio):
        part = (math.log10(ratio) - self.low) / (self.high - self.low)
        return LEFT + part * (WIDTH - RIGHT - LEFT)

    def ticks(self):
        wide = self.high - self.low > 1.5
        for exponent in range(math.floor(self.low), math.ceil(self.high) + 1):
            for digit in (1, 2, 5) if wide else (1, 1.2, 1.5, 2, 3, 4, 5, 7):
                tick = digit * 10.0 ** exponent
                if self.low <= math.log10(tick) <= self.high:
                    yield tick


def _grid(scale, bottom):
    for tick in scale.ticks():
        x = scale.place(tick)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#ddd"/>'
        yield _text(x, bottom + 18, f"{tick:g}", text_anchor="middle", fill="#444")
    x = scale.place(1)
    yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#c00" stroke-width="2"/>'
    yield _text(x, TOP - 8, "libmlp", text_anchor="middle", fill="#c00", font_weight="bold")


def _legend(names):
    step = (WIDTH - 40) / max(len(names), 6)
    for number, name in enumerate(names):
        x = 26 + number * step
        yield _mark(_style(number)[0], x, 74, _style(number)[1])
        yield _text(x + 12, 79, name)


def _row(cell, names, scale, y):
    ratios = _measured(cell)
    yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#eee"/>'
    yield _text(LEFT - 14, y + 5, label(cell).replace("1024-1024-1024-1024-1024-1024", "1024 six times")
                .replace(" b", ", b").replace(" w", ", w"), text_anchor="end")
    for number, name in enumerate(names):
        if name in ratios:
            kind, colour = _style(number)
            place = y + STAGGER * (number - (len(names) - 1) / 2)  # equal ones side by side
            yield (f"<g><title>{escape(name)}: {ratios[name]:.2f}</title>"
                   + _mark(kind, scale.place(ratios[name]), place, colour) + "</g>")
    if ratios:
        best = min(ratios, key=ratios.get)
        yield _text(WIDTH - RIGHT + 14, y + 5, f"{ratios[best]:.2f}  {best}", fill="#444")


def draw(report):
    """The SVG file's text."""
    rows = report["cells"]
    names = [name for name in report["names"] if any(name in _measured(cell) for cell in rows)]
    scale = _Scale([ratio for cell in rows for ratio in _measured(cell).values()])
    bottom = TOP + ROW * len(rows)
    height = bottom + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" font-family="sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(20, 28, "Time of a training step over libmlp's", font_size=19, font_weight="bold"),
        _text(20, 50, f"f32, ReLU, plain SGD; b batch, w threads; {report['processor']}",
              fill="#444"),
        _text(WIDTH - RIGHT + 14, TOP - 8, "best peer", fill="#444"),
        *_legend(names), *_grid(scale, bottom)]
    for number, cell in enumerate(rows):
        parts += _row(cell, names, scale, TOP + ROW * number + ROW // 2)
    parts += [_text((LEFT + WIDTH - RIGHT) / 2, bottom + 42,
                    "times as long as libmlp (log scale); right of the line libmlp is faster",
                    text_anchor="middle", fill="#444"), "</svg>"]
    return "\n".join(parts) + "\n"
