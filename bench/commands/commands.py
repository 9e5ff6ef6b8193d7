#!/usr/bin/env python3
"""Whole commands in turn by two builds: processor time, wall time and peak memory of each, start included.

    commands.py FOLDER_OF_VECTORS POOL.jsonl NEW=Tsds.Cli.dll OLD=Tsds.Cli.dll [--rounds 3] [--out FILE.md]

FOLDER_OF_VECTORS holds pool.npy and targets.npy of bench/vectors/generate-vectors.cs, POOL.jsonl rows of text. A build is a folder that
was copied after `dotnet build`. Every round runs each command once by each build, one after the other: on a machine that others use too,
trust the ratios of processor times and not the wall times. Standard library only.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def once(command):
    """Runs a command and returns wall seconds, processor seconds and peak bytes."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"expected {' '.join(map(str, command))} to succeed, found status {status}")
    return time.monotonic() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description="Times whole commands by two builds, in turn.")
    parser.add_argument("vectors", type=Path)
    parser.add_argument("pool", type=Path)
    parser.add_argument("builds", nargs=2, metavar="NAME=DLL")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    builds = dict(build.split("=", 1) for build in options.builds)
    with tempfile.TemporaryDirectory() as scratch:
        work = {
            "`--help`": ["--help"],
            "`select`, vectors, 1 %": ["select", "--pool-vectors", options.vectors / "pool.npy", "--target-vectors",
                                       options.vectors / "targets.npy", "--budget", "1%", "--out", f"{scratch}/select", "--force"],
            "`embed --embedder lexical`": ["embed", "--pool", options.pool, "--embedder", "lexical", "--out", f"{scratch}/embed", "--force"],
            "`embed`, default embedder": ["embed", "--pool", options.pool, "--out", f"{scratch}/both", "--force"],
        }
        lines = [f"load average {os.getloadavg()[0]:.0f}, {os.cpu_count()} cores, medians of {options.rounds} rounds", "",
                 "| command | build | wall s | processor s | peak MB |", "|---|---|---|---|---|"]
        for label, arguments in work.items():
            runs = {name: [] for name in builds}
            for _ in range(options.rounds):
                for name, dll in builds.items():
                    subprocess.run(["rm", "-rf", f"{scratch}/embed", f"{scratch}/both"], check=True)
                    runs[name].append(once(["dotnet", dll, *map(str, arguments)]))
            for name, costs in runs.items():
                wall, cpu, peak = (statistics.median(values) for values in zip(*costs))
                lines.append(f"| {label} | {name} | {wall:.2f} | {cpu:.2f} | {peak / 1e6:.0f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
