#!/usr/bin/env python3
"""Exact neighbors and densities beside sgemm of the same product, in turn, one thread and two, with AVX-512 and without.

    /usr/bin/python3 searches.py FOLDER [--rounds 2] [--threads 1 2] [--widths AVX-512 AVX2] [--neighbors 100 5000] [--bandwidth 0.23]
                                 [--out RESULT.md]

FOLDER is what vectors/generate-vectors.cs wrote. Prints a Markdown table: for each work the least processor time of all rounds and the
median of their clocks, and the ratio of processor times to sgemm's. Needs Debian's python3-numpy; time-searches.cs is built first.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
WIDTHS = {"AVX-512": {}, "AVX2": {"DOTNET_EnableAVX512": "0"}}
SEARCHES = HERE.parent / "vectors" / "time-searches.cs"
LINE = re.compile(r"(\w+) .*threads=\d+: ([\d.]+) s, ([\d.]+) s of")


def run(command, **variables):
    environment = {**os.environ, **variables}
    return subprocess.run([str(part) for part in command], env=environment, check=True, capture_output=True, text=True).stdout


def header(path):
    import numpy as np

    return np.load(path, mmap_mode="r").shape


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--widths", nargs="+", choices=list(WIDTHS), default=list(WIDTHS))
    parser.add_argument("--neighbors", type=int, nargs="+", default=[100, 5000])
    parser.add_argument("--bandwidth", default="0.23")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    (candidates, dimension), (targets, _) = header(options.folder / "pool.npy"), header(options.folder / "targets.npy")
    run(["dotnet", "build", "-c", "Release", SEARCHES])

    measured = {}
    for _ in range(options.rounds):
        for threads in options.threads:
            told = json.loads(run([sys.executable, HERE / "sgemm.py", candidates, targets, dimension, "--threads", threads]))
            measured.setdefault(("sgemm", threads, told["library"]), []).append((told["leastProcessorSeconds"], told["wallSeconds"]))
            for width in options.widths:
                for k in options.neighbors:
                    command = ["dotnet", "run", "--no-build", "-c", "Release", SEARCHES, "--", options.folder, threads, k, options.bandwidth]
                    for work, wall, processor in LINE.findall(run(command, **WIDTHS[width])):
                        name = f"neighbors, K = {k:,}" if work == "neighbors" else f"densities of the nearest, K = {k:,}"
                        measured.setdefault((name, threads, width), []).append((float(processor), float(wall)))

    sgemm = {threads: min(p for p, _ in rows) for (name, threads, _), rows in measured.items() if name == "sgemm"}
    lines = [
        f"# Searches over {candidates:,} x {dimension}, {targets:,} targets, bandwidth {options.bandwidth}",
        "",
        "| work | threads | with | processor time at least, s | clock, median, s | processor time : sgemm |",
        "|---|---|---|---|---|---|",
    ]
    for (name, threads, width), rows in measured.items():
        processor, wall = min(p for p, _ in rows), statistics.median(w for _, w in rows)
        ratio = f"{processor / sgemm[threads]:.2f}" if name.startswith("neighbors") else ""
        lines.append(f"| {name} | {threads} | {width} | {processor:.2f} | {wall:.2f} | {ratio} |")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
