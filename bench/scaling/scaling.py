#!/usr/bin/env python3
"""How the cost of ./tsds select grows: one line each over candidates, targets, dimension, bandwidth and threads.

    scaling.py [--lines candidates targets] [--rounds 3] [--base 100000 384 100]

Along a line one quantity changes and the others stay at the base, the budget too: it is a number of rows, because a share of the pool
would make two things grow at once. The bandwidth is fixed for the same reason. Vectors come from bench/vectors/generate-vectors.cs.
The points of a line take turns, round by round, so that a slow minute does not bend the line.

Writes scaling-LINE.jsonl to bench/results/<processor> for each line: the environment, every run, and the slope of log time against
log size, over all points and between the last two, where the start of the program weighs least. Standard library only.
"""
import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import measure  # noqa: E402

GENERATOR = measure.ROOT / "bench" / "vectors" / "generate-vectors.cs"
POWERS = [2**power for power in range(10) if 2**power < measure.cores()] + [measure.cores()]


def generate(folder, n, d, m):
    """The vectors of one size, generated once."""
    place = Path(folder) / f"{n}x{d}-{m}"
    if not (place / "targets.npy").exists():
        print(f"generating {n} x {d}, {m} targets", file=sys.stderr)
        subprocess.run(["dotnet", "run", "-c", "Release", str(GENERATOR), "--", str(n), str(d), str(m), str(place)], cwd=measure.ROOT, check=True)
    return place


def slope(points):
    """The least-squares slope of log y over log x; None for fewer than two points."""
    logs = [(math.log(x), math.log(y)) for x, y in points if y > 0]
    if len({x for x, _ in logs}) < 2:
        return None
    middle_x, middle_y = (statistics.fmean(column) for column in zip(*logs))
    return round(sum((x - middle_x) * (y - middle_y) for x, y in logs) / sum((x - middle_x) ** 2 for x, _ in logs), 3)


def quantities(run):
    """The times of a run that are fitted; "job" is the program's own clock, without its start."""
    return {"wall": run["wallSeconds"], "cpu": run["cpuSeconds"], "job": run["result"]["elapsedSeconds"]}


def slopes(line, runs):
    """One record for each time of a line: its medians over the rounds, and the slopes."""
    for name in quantities(runs[0]):
        values = {}
        for run in runs:
            values.setdefault(run["x"], []).append(quantities(run)[name])
        points = [(x, statistics.median(v)) for x, v in sorted(values.items())]
        yield {"kind": "slope", "line": line, "of": name, "slope": slope(points), "lastSlope": slope(points[-2:]), "points": points}


def main():
    parser = argparse.ArgumentParser(description="Measures how the cost of a selection grows.")
    parser.add_argument("--base", type=int, nargs=3, default=[100_000, 384, 100], metavar=("N", "D", "M"))
    parser.add_argument("--candidates", type=int, nargs="+", default=[25_000, 50_000, 100_000, 200_000, 400_000])
    parser.add_argument("--targets", type=int, nargs="+", default=[50, 100, 200, 400, 800])
    parser.add_argument("--dimension", type=int, nargs="+", default=[128, 256, 512, 1024, 2048])
    parser.add_argument("--bandwidth", type=float, nargs="+", default=[0.05, 0.1, 0.2, 0.4, 0.8])
    parser.add_argument("--threads", type=int, nargs="+", default=POWERS)
    parser.add_argument("--lines", nargs="+", choices=["candidates", "targets", "dimension", "bandwidth", "threads"],
                        default=["candidates", "targets", "dimension", "bandwidth", "threads"])
    parser.add_argument("--base-bandwidth", type=float, default=0.2)
    parser.add_argument("--base-threads", type=int, default=measure.cores())
    parser.add_argument("--budget", type=int, default=1000, help="rows, the same for every point")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vectors", help="folder to keep the vectors in; default: a temporary one")
    parser.add_argument("--out", help="folder for the results; default: bench/results/<processor>")
    options = parser.parse_args()

    env = measure.environment()
    measure.prepare()
    base = dict(zip(("candidates", "dimension", "targets"), options.base))
    base.update(bandwidth=options.base_bandwidth, threads=options.base_threads)
    head = [{"kind": "environment", **env}, {"kind": "base", **base, "budget": options.budget, "rounds": options.rounds}]
    with tempfile.TemporaryDirectory() as scratch:
        for line in options.lines:
            runs = []
            points = [{**base, line: x} for x in sorted(set(getattr(options, line)))]
            places = [generate(options.vectors or scratch, p["candidates"], p["dimension"], p["targets"]) for p in points]
            for number in range(options.rounds):
                for point, place in zip(points, places):
                    settings = ["--budget", options.budget, "--bandwidth", point["bandwidth"], "--threads", point["threads"]]
                    cost = measure.select(place / "pool.npy", place / "targets.npy", Path(scratch) / "out", settings)
                    runs.append({"kind": "run", "line": line, "x": point[line], "round": number, "size": point, **cost})
                    print(f"{line} {point[line]}: {cost['wallSeconds']:.2f} s wall, {cost['cpuSeconds']:.2f} s processor", file=sys.stderr)
            records = [*head, *runs]
            for record in slopes(line, runs):
                records.append(record)
                print(f"{line}: {record['of']} grows with slope {record['slope']}, at the end {record['lastSlope']}")
            file = measure.results_folder(env, options.out) / f"scaling-{line}.jsonl"
            file.write_text("".join(json.dumps(record) + "\n" for record in records))
            print(f"written: {file}")


if __name__ == "__main__":
    main()
