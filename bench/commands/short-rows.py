#!/usr/bin/env python3
"""`tsds embed` of a million short rows by the default embedder, beside the goal: 60 s and 2 GB on two cores.

    short-rows.py Tsds.Cli.dll [--rows 1000000] [--embedder NAME] [--out FILE.md]

A row is 6 to 14 words in a row, a sentence's worth, from the texts of samples/pool.jsonl; where it begins is drawn by its number, so that
the rows are the same on every run and every machine. Processor seconds divided by the cores are what a quiet machine would take at least.
Standard library only.
"""
import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL_SECONDS, GOAL_BYTES, GOAL_CORES = 60, 2e9, 2


def write_rows(path, count):
    """Writes the rows and returns their bytes."""
    samples = Path(__file__).resolve().parents[2] / "samples" / "pool.jsonl"
    rows = [json.loads(line) for line in samples.read_text().splitlines()]
    words = [word for row in rows for word in f"{row['instruction']} {row['output']}".split()]
    with path.open("w") as file:
        for row in range(count):
            drawn = int.from_bytes(hashlib.blake2b(row.to_bytes(8, "little"), digest_size=8).digest(), "little")
            start, length = drawn // 9 % (len(words) - 14), 6 + drawn % 9
            file.write(json.dumps({"text": " ".join(words[start:start + length])}, ensure_ascii=False) + "\n")
    return path.stat().st_size


def main():
    parser = argparse.ArgumentParser(description="Embeds a million short rows and compares the cost with the goal.")
    parser.add_argument("dll", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--embedder", default="lexical+static")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pool = Path(scratch) / "rows.jsonl"
        size = write_rows(pool, options.rows)
        before = time.monotonic()
        process = subprocess.Popen(["dotnet", options.dll, "embed", "--pool", pool, "--embedder", options.embedder, "--threads", "2",
                                    "--out", f"{scratch}/store"], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"expected tsds embed to succeed, found status {status}")
        wall, cpu, peak = time.monotonic() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
    met = cpu / GOAL_CORES <= GOAL_SECONDS and peak <= GOAL_BYTES
    text = "\n".join([
        f"{options.rows:,} rows of 6 to 14 words, {size / 1e6:.0f} MB, `--embedder {options.embedder}`; load average "
        f"{os.getloadavg()[0]:.0f}, {os.cpu_count()} cores", "",
        "| wall s | processor s | processor s / 2 cores | peak MB | goal: 60 s and 2,000 MB on two cores |", "|---|---|---|---|---|",
        f"| {wall:.1f} | {cpu:.1f} | {cpu / GOAL_CORES:.1f} | {peak / 1e6:.0f} | {'reached' if met else 'missed'}, by processor time |"]) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
