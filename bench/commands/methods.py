#!/usr/bin/env python3
"""Methods of selecting in turn by two builds: processor time, wall time and peak memory of `tsds select`, and whether the bytes agree.

    methods.py NEW=Tsds.Cli.dll OLD=Tsds.Cli.dll [--methods herding kcenter] [--rounds 1] [--out FILE.md] -- --pool POOL --target TARGETS ...

What stands behind -- are options of `tsds select`. A build is a folder that was copied after `dotnet build`. The first run of all, by the
method "random", fills the cache of embeddings and is told as "before". Trust the ratios of processor times where the machine is shared.
Every file but manifest.json, which holds times, must be the same by both builds. Standard library only.
"""
import argparse
import filecmp
import os
import statistics
import sys
import tempfile
from pathlib import Path

from commands import once


def differing(one, other):
    """Names of the files that are not in both folders with the same bytes."""
    names = {path.name for folder in (one, other) for path in folder.iterdir()} - {"manifest.json"}
    _, mismatch, errors = filecmp.cmpfiles(one, other, names, shallow=False)
    return sorted(mismatch + errors)


def main():
    parser = argparse.ArgumentParser(description="Times methods of selecting by two builds, in turn.")
    parser.add_argument("builds", nargs=2, metavar="NAME=DLL")
    parser.add_argument("--methods", nargs="+", default=["herding", "kcenter"])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--out", type=Path)
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options, select = parser.parse_args(sys.argv[1:split]), sys.argv[split + 1:]
    builds = dict(build.split("=", 1) for build in options.builds)
    load = os.getloadavg()[0]
    lines = ["| method | build | wall s | processor s | peak MB |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as scratch:
        def run(method, name):
            out = f"{scratch}/{method}-{name}"
            return once(["dotnet", builds[name], "select", "--method", method, *select, "--out", out, "--force"])

        wall, cpu, peak = run("random", next(iter(builds)))
        lines.append(f"| before: `random` | {next(iter(builds))} | {wall:.1f} | {cpu:.1f} | {peak / 1e6:.0f} |")
        for method in options.methods:
            runs = {name: [] for name in builds}
            for _ in range(options.rounds):
                for name in builds:
                    runs[name].append(run(method, name))
            for name, costs in runs.items():
                wall, cpu, peak = (statistics.median(values) for values in zip(*costs))
                lines.append(f"| `{method}` | {name} | {wall:.1f} | {cpu:.1f} | {peak / 1e6:.0f} |")
            if names := differing(*(Path(scratch) / f"{method}-{name}" for name in builds)):
                sys.exit(f"expected the same bytes of {method} by both builds, found others in {', '.join(names)}")
    told = " ".join(Path(part).name if os.path.exists(part) else part for part in select)
    lines += ["", f"Load average {load:.0f}, {os.cpu_count()} cores, medians of {options.rounds} rounds; all files the same but for the manifest's "
              f"times. `select {told}`"]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
