#!/usr/bin/env python3
"""Draws each scaling-LINE.jsonl as an SVG file beside it: log-log, labels at the lines. Standard library only.

    plot.py bench/results/PROCESSOR/scaling-*.jsonl

The background is left transparent and every color is legible on white and on near-black, so one file serves both of GitHub's themes.
"""
import json
import math
import sys
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 680, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 206, 52, 48
GRAY = "#768390"
COLORS = {"wall": "#3b82f6", "cpu": "#d9731a", "job": "#16a37b"}
NAMES = {"wall": "wall", "cpu": "processor", "job": "without start"}
AXES = {"candidates": "candidates, N", "targets": "targets, M", "dimension": "dimension, d", "bandwidth": "bandwidth, σ", "threads": "threads"}


def short(value):
    """1500 as 1.5k."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def decades(low, high):
    """1, 2 and 5 times the powers of ten within the limits."""
    return [m * 10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5) if low <= m * 10.0**e <= high]


def apart(wanted, distance):
    """Heights as near to the wanted ones as a distance between neighbors allows, pushed downwards."""
    result, last = {}, -math.inf
    for name, y in sorted(wanted.items(), key=lambda pair: pair[1]):
        last = result[name] = max(y, last + distance)
    over = last - (HEIGHT - BOTTOM)
    return {name: y - max(0, over) for name, y in result.items()}


def draw(line, series, caption):
    """The SVG text of one line's times."""
    xs = [x for points in series.values() for x, _ in points["points"]]
    ys = [y for points in series.values() for _, y in points["points"]]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys) / 1.25, max(ys) * 1.25

    def at_x(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(x / low_x) / math.log(high_x / low_x)

    def at_y(y):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * math.log(y / low_y) / math.log(high_y / low_y)

    def text(x, y, words, anchor="start", color=GRAY, size=12, weight=400):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" font-size="{size}" font-weight="{weight}">{escape(words)}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(f"Seconds against {AXES[line]}")}" font-family="system-ui, sans-serif">',
        text(LEFT, 22, f"seconds against {AXES[line]}", size=14, weight=600),
        text(LEFT, 40, caption, size=11),
    ]
    for y in decades(low_y, high_y):
        parts.append(f'<path d="M{LEFT} {at_y(y):.1f}H{WIDTH - RIGHT}" stroke="{GRAY}" stroke-opacity=".25"/>')
        parts.append(text(LEFT - 8, at_y(y) + 4, f"{y:g}", "end"))
    for x in sorted(set(xs)):
        parts.append(f'<path d="M{at_x(x):.1f} {HEIGHT - BOTTOM}v5" stroke="{GRAY}"/>')
        parts.append(text(at_x(x), HEIGHT - BOTTOM + 20, short(x), "middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, AXES[line], "middle"))
    labels = apart({name: at_y(points["points"][-1][1]) for name, points in series.items()}, 16)
    for name, record in series.items():
        places = [f"{at_x(x):.1f} {at_y(y):.1f}" for x, y in record["points"]]
        parts.append(f'<path d="M{"L".join(places)}" fill="none" stroke="{COLORS[name]}" stroke-width="2"/>')
        for place in places:
            x, y = place.split()
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{COLORS[name]}"/>')
        words = NAMES[name] if line == "bandwidth" else f"{NAMES[name]}, slope {record['slope']:.2f}"
        parts.append(text(WIDTH - RIGHT + 10, labels[name] + 4, words, color=COLORS[name], weight=600))
    return "\n".join(parts) + "\n</svg>\n"


def caption_of(line, base, env):
    """What stayed the same."""
    words = {"candidates": f"N {short(base['candidates'])}", "dimension": f"d {base['dimension']}", "targets": f"M {base['targets']}",
             "bandwidth": f"σ {base['bandwidth']:g}", "threads": f"{base['threads']} threads"}
    return ", ".join([word for name, word in words.items() if name != line] + [f"budget {base['budget']:,}", env["processor"]])


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: plot.py scaling-LINE.jsonl ...")
    for file in map(Path, sys.argv[1:]):
        records = [json.loads(line) for line in file.read_text().splitlines()]
        env = next(record for record in records if record["kind"] == "environment")
        base = next(record for record in records if record["kind"] == "base")
        found = {record["of"]: record for record in records if record["kind"] == "slope" and record["slope"] is not None}
        if found:
            line = next(iter(found.values()))["line"]
            target = file.with_suffix(".svg")
            target.write_text(draw(line, found, caption_of(line, base, env)))
            print(f"written: {target}")


if __name__ == "__main__":
    main()
