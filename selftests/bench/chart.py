#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""chart.py LOG DIR: the figures of bench.sh as DIR/table.md and DIR/bench.svg."""
import os
import sys

SYSTEMS = (
    ("hak", "hak NAT"),
    ("ipvs", "IPVS NAT"),
    ("nft-flowtable", "nft flowtable, DNAT"),
    ("forward", "plain forwarding"),
    ("hak6", "hak NAT, IPv6"),
    ("ipvs6", "IPVS NAT, IPv6"),
    ("forward6", "forwarding, IPv6"),
)
COLUMNS = (("in", "request"), ("reply", "reply"), ("new", "new connection"),
           ("bytes", "bytes of a connection"))
BAR, GAP, LEFT, WIDTH = 16, 14, 150, 640


def read(path):
    figures = {}
    with open(path, encoding="utf-8") as log:
        for line in log:
            words = line.split()
            if words[:2] == ["#", "bench"] and len(words) == 5:
                figures[words[2], words[3]] = int(words[4])
    return figures


def table(figures):
    yield "| | " + " | ".join(title for _, title in COLUMNS) + " |"
    yield "|---|" + "---:|" * len(COLUMNS)
    for system, title in SYSTEMS:
        cells = []
        for what, _ in COLUMNS:
            value = figures.get((system, what))
            cells.append("–" if value is None else f"{value:,}")
        yield f"| {title} | " + " | ".join(cells) + " |"


def bar(figures, most, y, system, what, colour):
    value = figures[system, what]
    length = value * (WIDTH - LEFT - 110) // most
    middle = y + BAR - 4
    yield f'<rect x="{LEFT}" y="{y}" width="{length}" height="{BAR}" fill="{colour}"/>'
    yield f'<text x="{LEFT + length + 6}" y="{middle}">{value:,} {what}</text>'


def svg(figures):
    rows = [s for s in SYSTEMS if (s[0], "in") in figures]
    most = max(figures[s, w] for s, _ in rows for w in ("in", "reply"))
    height = 40 + len(rows) * (2 * BAR + GAP)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
           'font-family="sans-serif" font-size="12">')
    yield '<!-- SPDX-License-Identifier: GPL-2.0-only -->'
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    yield '<text x="10" y="20">Instructions a packet, established TCP connection, path only</text>'
    y = 34
    for system, title in rows:
        yield f'<text x="10" y="{y + BAR + 4}">{title}</text>'
        yield from bar(figures, most, y, system, "in", "#1f77b4")
        yield from bar(figures, most, y + BAR, system, "reply", "#aec7e8")
        y += 2 * BAR + GAP
    yield "</svg>"


def main():
    log, folder = sys.argv[1:]
    figures = read(log)
    for name, lines in (("table.md", table), ("bench.svg", svg)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write("\n".join(lines(figures)) + "\n")
    print("\n".join(table(figures)))


main()
