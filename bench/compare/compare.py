#!/usr/bin/env python3
"""Tsds beside the published pipeline's search work, on the same vectors, in pairs.

    compare.py FOLDER [--rounds 3] [--python python3]

FOLDER holds candidates.npy and query_examples.npy (or pool.npy and targets.npy). A round runs ./tsds select with automatic settings,
reference_pipeline.py and ./tsds select with the published constants, and every second round runs them backwards: the reference always
stands next to both. Ratios are formed within a round, then the median of the rounds is taken, so that a slow minute of the machine
slows both sides. Each run is a process of its own, measured from outside, start included.

Writes compare-NAME.json and compare-NAME.md to bench/results/<processor>. Standard library only; the Python given by --python needs numpy and faiss.
"""
import argparse
import json
import shlex
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import measure  # noqa: E402

HERE = Path(__file__).resolve().parent
PUBLISHED = ("--alpha 0.5 --scale 5 --bandwidth 0.75 --density-base neighbors --relevance 0 --center off "
             "--sampling multinomial")
QUANTITIES = ("wallSeconds", "cpuSeconds", "peakBytes", "peakOwnBytes")


def find(folder, *names):
    for name in names:
        if (folder / name).exists():
            return folder / name
    sys.exit(f"expected {' or '.join(names)} in {folder}")


def median(runs, quantity):
    values = [run[quantity] for run in runs if run[quantity] is not None]
    return statistics.median(values) if values else float("nan")


def ratios(runs, reference):
    """What the reference costs for each unit that Tsds costs, round by round: median, smallest, largest."""
    result = {}
    for quantity in QUANTITIES:
        pairs = [(run[quantity], other[quantity]) for run, other in zip(runs, reference)]
        values = [theirs / ours for ours, theirs in pairs if ours and theirs]
        result[quantity] = values and {"median": round(statistics.median(values), 2), "min": round(min(values), 2), "max": round(max(values), 2)}
    return result


def table(record):
    """The record for a reader, in Markdown."""
    env, size, runs = record["environment"], record["size"], record["runs"]
    instructions = "AVX-512" if env["avx512"] else "AVX2" if env["avx2"] else "neither AVX2 nor AVX-512"
    lines = [
        f"### {size['candidates']:,} x {size['dimension']}, {size['targets']} targets, budget {record['budget']}, {record['threads']} threads",
        "",
        f"{env['processor']}, {env['cores']} cores, {instructions}; .NET SDK {env['dotnet']}; faiss {env['faiss']} "
        f"({env['faissCompileOptions']}); {env['date']}; commit {env['commit']}. Medians of {record['rounds']} rounds.",
        "",
        "| run | wall s | processor s | peak memory MB | of it not file pages, MB | exact and certified |",
        "|---|---|---|---|---|---|",
    ]
    for name, label in record["labels"].items():
        cells = [f"{median(runs[name], q):.2f}" for q in QUANTITIES[:2]] + [f"{median(runs[name], q) / 1e6:.0f}" for q in QUANTITIES[2:]]
        certified = "yes" if all(run.get("result", {}).get("certified") for run in runs[name]) else "no"
        lines.append(f"| {label} | {' | '.join(cells)} | {certified} |")
    lines += ["", "| reference : Tsds | wall | processor | peak memory | not file pages |", "|---|---|---|---|---|"]
    for name, values in record["ratios"].items():
        cells = [f"{r['median']:.1f} ({r['min']:.1f} to {r['max']:.1f})" if r else "-" for r in (values[q] for q in QUANTITIES)]
        lines.append(f"| {record['labels'][name]} | {' | '.join(cells)} |")
    if record["sgemm"]:
        lines += ["", "| sgemm of the same product | wall s | GFLOP/s |", "|---|---|---|"]
        for threads in sorted({run["threads"] for run in record["sgemm"]}):
            same = [run for run in record["sgemm"] if run["threads"] == threads]
            lines.append(f"| {threads} thread{'s' * (threads > 1)}, {same[0]['library']} | {median(same, 'wallSeconds'):.3f} | {median(same, 'gflops'):.1f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Compares Tsds with the published pipeline's search work.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--budget", default="1%")
    parser.add_argument("--threads", type=int, default=measure.cores())
    parser.add_argument("--published", default=PUBLISHED, help=f"options of the published constants (default: {PUBLISHED})")
    parser.add_argument("--python", default=sys.executable, help="the Python that has numpy and faiss")
    parser.add_argument("--name", help="of the results; default: the size")
    parser.add_argument("--out", help="folder for the results; default: bench/results/<processor>")
    options = parser.parse_args()

    pool = find(options.folder, "candidates.npy", "pool.npy")
    targets = find(options.folder, "query_examples.npy", "targets.npy")
    env = measure.environment(options.python)
    if not env["faiss"]:
        sys.exit(f"{options.python} has no faiss and numpy (Debian: python3-faiss, python3-numpy); name another with --python")
    measure.prepare()
    for path in (pool, targets):  # once, so that no run is the one that reads from the disk
        with open(path, "rb") as stream:
            while stream.read(1 << 24):
                pass

    common = ["--budget", options.budget, "--threads", options.threads]
    threads = {name: str(options.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    runs = {"automatic": [], "reference": [], "published": []}
    products = []
    with tempfile.TemporaryDirectory() as scratch:

        def once(name):
            if name == "reference":
                printed, cost = measure.run([options.python, HERE / "reference_pipeline.py", options.folder, "--threads", options.threads], threads)
                cost.update(json.loads(printed), peakBytes=cost["peakBytes"])
            else:
                settings = shlex.split(options.published) if name == "published" else []
                cost = measure.select(pool, targets, Path(scratch) / "out", common + settings)
            runs[name].append(cost)
            print(f"  {name}: {cost['wallSeconds']:.2f} s wall, {cost['cpuSeconds']:.2f} s processor, {cost['peakBytes'] / 1e6:.0f} MB", file=sys.stderr)

        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            for name in list(runs) if number % 2 == 0 else reversed(list(runs)):
                once(name)
            size = {key: runs["reference"][0][key] for key in ("candidates", "dimension", "targets")}
            counts = sorted({1, options.threads})
            printed, _ = measure.run([options.python, HERE / "sgemm.py", size["candidates"], size["targets"], size["dimension"],
                                      "--rounds", 1, "--threads", *counts])
            products += [json.loads(line) for line in printed.splitlines()]

    record = {
        "environment": env, "size": size, "budget": options.budget, "threads": options.threads, "rounds": options.rounds,
        "labels": {"automatic": "Tsds, automatic settings", "published": f"Tsds, `{options.published}`", "reference": "reference on faiss"},
        "ratios": {name: ratios(runs[name], runs["reference"]) for name in ("automatic", "published")},
        "runs": runs, "sgemm": products,
    }
    folder = measure.results_folder(env, options.out)
    name = options.name or f"{size['candidates']}x{size['dimension']}-{size['targets']}"
    (folder / f"compare-{name}.json").write_text(json.dumps(record, indent=1) + "\n")
    (folder / f"compare-{name}.md").write_text(table(record))
    print(table(record))


if __name__ == "__main__":
    main()
