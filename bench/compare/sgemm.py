#!/usr/bin/env python3
"""The yardstick: how long the machine's BLAS takes for the products alone, N x M inner products of length d in float32.

    sgemm.py N M D [--threads 1 2] [--rounds 3]

No norms, no selection of the nearest, nothing kept: an exact search can not do less arithmetic in float32. The candidates are taken in
blocks whose products stay in the cache. Each thread count runs in a process of its own, because OpenBLAS reads it when it is loaded.
Needs Debian's python3-numpy. Prints one JSON line for each thread count.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

BLOCK = 2048


def library():
    """The BLAS that numpy has loaded; an unoptimized one would be no yardstick."""
    try:
        files = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line}
    except OSError:
        return None
    names = sorted(Path(file).name for file in files)
    return next((name for part in ("openblas", "mkl", "blis", "libblas", "atlas") for name in names if part in name), None)


def measure(n, m, d, threads, rounds):
    import numpy as np

    random = np.random.default_rng(1)
    pool = np.empty((n, d), np.float32)
    for start in range(0, n, BLOCK):
        random.random(out=pool[start:start + BLOCK], dtype=np.float32)
    targets = random.random((m, d), dtype=np.float32).T
    product = np.empty((BLOCK, m), np.float32)
    seconds, processor = [], []
    for _ in range(rounds + 1):
        start, busy = time.perf_counter(), time.process_time()
        for row in range(0, n, BLOCK):
            block = pool[row:row + BLOCK]
            np.matmul(block, targets, out=product[:len(block)])
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    middle = statistics.median(seconds[1:])
    print(json.dumps({"candidates": n, "targets": m, "dimension": d, "threads": threads, "library": library(), "numpy": np.__version__,
                      "wallSeconds": round(middle, 4), "leastProcessorSeconds": round(min(processor[1:]), 4), "gflops": round(2 * n * m * d / middle / 1e9, 1)}))


def main():
    parser = argparse.ArgumentParser(description="Times float32 matrix products through numpy.")
    parser.add_argument("n", type=int)
    parser.add_argument("m", type=int)
    parser.add_argument("d", type=int)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    name = "OPENBLAS_NUM_THREADS"
    if len(options.threads) == 1 and os.environ.get(name) == str(options.threads[0]):
        measure(options.n, options.m, options.d, options.threads[0], options.rounds)
        return
    for threads in options.threads:
        command = [sys.executable, __file__, options.n, options.m, options.d, "--threads", threads, "--rounds", options.rounds]
        variables = {**os.environ, name: str(threads), "OMP_NUM_THREADS": str(threads)}
        subprocess.run([str(part) for part in command], env=variables, check=True)


if __name__ == "__main__":
    main()
