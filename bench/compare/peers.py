#!/usr/bin/env python3
"""Our searches beside those of faiss and scikit-learn on the same vectors: processor time on one thread, and how exact each is.

    /usr/bin/python3 peers.py FOLDER [--neighbors 100] [--radius 0.3] [--rounds 2] [--out RESULT.md]

FOLDER is what vectors/generate-vectors.cs wrote. Two works: the K nearest rows of every target, and for near-duplicates all pairs of pool
rows within a radius, as tools for semantic deduplication look for them. Recall is the share of the true neighbors that was found: as many
as K, counted by distance in double, so that ties do not matter. Every side is a process with one thread and is timed twice inside of it,
without loading; the least time counts. An index is built once. Uses Debian's python3-numpy, python3-faiss (built for SSE2), python3-sklearn.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import measure  # noqa: E402

LISTS_SHARE, PROBES = 2, 10   # of the published pipeline: sqrt(N)/2 lists, 10 of them visited
LINKS, EFFORT = 32, 128       # of the graph: links of a node, candidates that a search keeps


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def timed(work, rounds=1):
    least, result = float("inf"), None
    for _ in range(rounds):
        before = processor_seconds()
        result = work()
        least = min(least, processor_seconds() - before)
    return least, result


def truth(pool, targets, k):
    """The squared distance of each target's K-th neighbor, in double."""
    import numpy as np

    limits = np.empty(len(targets))
    norms = (pool.astype(np.float64) ** 2).sum(axis=1)
    for start in range(0, len(targets), 64):
        block = targets[start:start + 64].astype(np.float64)
        squares = norms[None, :] - 2 * (block @ pool.T.astype(np.float64)) + (block ** 2).sum(axis=1)[:, None]
        limits[start:start + 64] = np.partition(squares, k - 1, axis=1)[:, k - 1]
    return limits


def recall(pool, targets, ids, limits):
    import numpy as np

    found = 0
    for target, row in enumerate(ids):
        row = np.unique(row[row >= 0])
        squares = ((pool[row].astype(np.float64) - targets[target].astype(np.float64)) ** 2).sum(axis=1)
        found += int((squares <= limits[target] * (1 + 1e-6)).sum())
    return found / ids.size


def load(folder):
    import numpy as np

    matrices = [np.ascontiguousarray(np.load(folder / name), np.float32) for name in ("pool.npy", "targets.npy")]
    for matrix in matrices:
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrices


def peers(folder, k, radius):
    """The rows of the table that are not ours: (work, who, build seconds, search seconds, recall or pairs)."""
    import faiss
    from sklearn.neighbors import NearestNeighbors

    faiss.omp_set_num_threads(1)
    pool, targets = load(folder)
    limits = truth(pool, targets, k)
    dimension = pool.shape[1]
    lists = max(1, int(len(pool) ** 0.5) // LISTS_SHARE)

    def inverted():
        index = faiss.IndexIVFFlat(faiss.IndexFlatL2(dimension), dimension, lists)
        index.train(pool)
        index.add(pool)
        index.nprobe = PROBES
        return index

    def graph():
        index = faiss.IndexHNSWFlat(dimension, LINKS)
        index.add(pool)
        index.hnsw.efSearch = max(EFFORT, k)
        return index

    def flat():
        index = faiss.IndexFlatL2(dimension)
        index.add(pool)
        return index

    rows = []
    for name, build in (("faiss, flat", flat), (f"faiss, {lists} inverted lists, {PROBES} visited", inverted),
                        (f"faiss, graph (HNSW) of {LINKS} links", graph)):
        built, index = timed(build)
        seconds, (_, ids) = timed(lambda: index.search(targets, k), 2)
        rows.append(("neighbors", name, built, seconds, recall(pool, targets, ids, limits)))
    search = NearestNeighbors(algorithm="brute", n_jobs=1).fit(pool)
    seconds, ids = timed(lambda: search.kneighbors(targets, k, return_distance=False), 2)
    rows.append(("neighbors", "scikit-learn, brute force", 0, seconds, recall(pool, targets, ids, limits)))
    seconds, near = timed(lambda: search.radius_neighbors(pool, radius, return_distance=False), 1)
    rows.append(("copies", "scikit-learn, radius neighbors", 0, seconds, sum(len(row) - 1 for row in near)))
    return rows, (len(pool), dimension, len(targets))


def ours(folder, k, radius, scratch):
    import numpy as np

    program = HERE / "peer-searches.cs"
    out = Path(scratch) / "ids"
    subprocess.run(["dotnet", "build", "-c", "Release", program], check=True, stdout=subprocess.DEVNULL)
    printed = subprocess.run([*map(str, ["dotnet", "run", "--no-build", "-c", "Release", program, "--", folder, k, radius, out])],
                             check=True, capture_output=True, text=True).stdout
    told = json.loads(printed.splitlines()[-1])
    pool, targets = load(folder)
    ids = np.fromfile(out, np.int64).reshape(len(targets), k)
    return [("neighbors", "Tsds", 0, told["neighborSeconds"], recall(pool, targets, ids, truth(pool, targets, k))),
            ("copies", "Tsds", 0, told["radiusSeconds"], told["pairs"])]


def main():
    parser = argparse.ArgumentParser(description="Compares our searches with those of faiss and scikit-learn.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--neighbors", type=int, default=100)
    parser.add_argument("--radius", type=float, default=0.3)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        variables = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=variables).returncode)
    import faiss
    import sklearn

    measured = {}
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(options.rounds):
            rows, size = peers(options.folder, options.neighbors, options.radius)
            for work, who, built, seconds, quality in rows + ours(options.folder, options.neighbors, options.radius, scratch):
                before = measured.get((work, who), (float("inf"), float("inf"), quality))
                measured[work, who] = (min(built, before[0]), min(seconds, before[1]), quality)
    env = measure.environment()
    lines = [
        f"### Peers, {size[0]:,} x {size[1]}, {size[2]} targets, one thread",
        "",
        f"{env['processor']}, {'AVX-512' if env['avx512'] else 'AVX2'}; faiss {faiss.__version__} ({faiss.get_compile_options().strip()}), "
        f"scikit-learn {sklearn.__version__}; {env['date']}; commit {env['commit']}; load average {os.getloadavg()[0]:.0f}; processor time, "
        f"the least of {options.rounds} rounds.",
        "",
        f"| {options.neighbors} neighbors of each target | index, s | search, s | recall |",
        "|---|---|---|---|",
    ]
    lines += [f"| {who} | {built:.2f} | {seconds:.2f} | {quality:.4f} |" for (work, who), (built, seconds, quality) in measured.items()
              if work == "neighbors"]
    lines += ["", f"| pairs of pool rows within {options.radius} | search, s | pairs, each from both sides |", "|---|---|---|"]
    lines += [f"| {who} | {seconds:.2f} | {quality:,} |" for (work, who), (_, seconds, quality) in measured.items() if work == "copies"]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
