#!/usr/bin/env python3
"""The search work of the published pipeline, on faiss, timed phase by phase: what the paper's method costs without Tsds.

    reference_pipeline.py FOLDER [--threads 2]

FOLDER holds candidates.npy and query_examples.npy (or pool.npy and targets.npy). Needs Debian's python3-numpy and python3-faiss.

TSDS (Liu, Karbasi, Rekatsinas, NeurIPS 2024, arXiv 2410.11303) was published with code whose defaults are the constants below. It
looks for the neighbors of the targets in an inverted-file index over all candidates, then indexes the union of what it found and
lets it search itself, which gives the distances that the kernel densities are summed from. Both searches are approximate. What that
code does afterwards, assigning probabilities in Python and drawing, is left out here: the time printed is a lower bound.

Prints one JSON line: [wall, processor] seconds of each phase and in total, peak memory.
"""
import argparse
import json
import math
import resource
import sys
import time
from pathlib import Path

import faiss
import numpy as np

MOST_NEIGHBORS = 5000        # neighbors of a target that are fetched,
MOST_DENSITY_NEIGHBORS = 1000  # neighbors that a density is summed over,
LARGEST_SHARE = 10           # neither more than a tenth of the pool,
PROBES = 10                  # inverted lists that a query visits, of sqrt(N) / 2.


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def find(folder, *names):
    for name in names:
        if (folder / name).exists():
            return folder / name
    sys.exit(f"expected {' or '.join(names)} in {folder}")


def normalize(*matrices):
    """Tsds compares directions unless told otherwise; so does this. Unit vectors are left alone."""
    for matrix in matrices:
        lengths = np.linalg.norm(matrix[:1000], axis=1)
        if np.abs(lengths - 1).max() > 1e-3:
            faiss.normalize_L2(matrix)


def build_index(vectors):
    count, dimension = vectors.shape
    quantizer = faiss.IndexFlatL2(dimension)
    index = faiss.IndexIVFFlat(quantizer, dimension, max(1, math.isqrt(count) // 2), faiss.METRIC_L2)
    index.train(vectors)
    index.add(vectors)
    index.nprobe = PROBES
    return index


def main():
    parser = argparse.ArgumentParser(description="Times the published pipeline's search work on faiss.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=0, help="of faiss; 0 leaves them alone")
    options = parser.parse_args()
    if options.threads:
        faiss.omp_set_num_threads(options.threads)

    phases = {}

    def timed(name, work, *arguments):
        wall, processor = time.perf_counter(), processor_seconds()
        result = work(*arguments)
        phases[name] = (time.perf_counter() - wall, processor_seconds() - processor)
        return result

    def load():
        pool = np.load(find(options.folder, "candidates.npy", "pool.npy"))
        targets = np.load(find(options.folder, "query_examples.npy", "targets.npy"))
        return np.ascontiguousarray(pool, np.float32), np.ascontiguousarray(targets, np.float32)

    pool, targets = timed("load", load)
    timed("normalize", normalize, pool, targets)
    neighbors = min(MOST_NEIGHBORS, len(pool) // LARGEST_SHARE)
    density_neighbors = min(MOST_DENSITY_NEIGHBORS, len(pool) // LARGEST_SHARE)

    index = timed("index", build_index, pool)
    _, found = timed("neighbors", index.search, targets, neighbors)
    padded = int((found < 0).sum())
    rows = np.unique(found)
    rows = rows[rows >= 0]
    reached = pool[rows]
    density_index = timed("densityIndex", build_index, reached)
    timed("densities", density_index.search, reached, density_neighbors)

    totals = [sum(times) for times in zip(*phases.values())]
    print(json.dumps({
        "candidates": len(pool), "dimension": pool.shape[1], "targets": len(targets), "neighbors": neighbors, "union": len(reached),
        "paddedNeighbors": padded,
        "phaseSeconds": {name: [round(value, 3) for value in times] for name, times in phases.items()},
        "totalSeconds": [round(value, 3) for value in totals],
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
