#!/usr/bin/env python3
"""Where the processor's time of a selection goes: by stage of the job and by part of the program, as a Markdown table.

    profile.py [--out RESULT.md] [--rate 199] [--title TEXT] [--dll Tsds.Cli.dll] -- select --pool-vectors POOL --target-vectors TARGETS ...

Runs `tsds` with the arguments behind -- under `perf record` (Debian: linux-perf). Every sample is a share of the processor time that the
process took on all threads. Its stage follows from the clock: the events of --json say when a stage began, the manifest how long writing
and reporting took. Its part follows from the function: a namespace of Tsds, .NET's library, the just-in-time compiler, or a native library.
Standard library only.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import measure  # noqa: E402

SAMPLE = re.compile(r"^\s*(?P<time>[\d.]+):\s+(?P<address>[0-9a-f]+)\s+(?P<symbol>.*?)(?:\+0x[0-9a-f]+)?\s+\((?P<library>.*)\)$")
METHOD = re.compile(r"\[(?P<assembly>[^\]]+)\] (?P<type>[^:]+)::(?P<name>[^(\[]+)")
NATIVE = {"libclrjit": "compiler (JIT)", "libcoreclr": "runtime and GC", "libclrgc": "runtime and GC", "libcrypto": "hashes (OpenSSL)"}


def part_of(symbol, library):
    """The part of the program that a function belongs to, and the function's short name."""
    method = METHOD.search(symbol)
    if method:
        kind = method["type"].split("`")[0].split("[")[0]
        short = f"{kind.rsplit('.', 1)[-1]}.{method['name'].strip()}"
        return (kind.rsplit(".", 1)[0] if kind.startswith("Tsds") else ".NET library"), short
    if "[kernel" in library or library == "[unknown]" and symbol.startswith("["):
        return "kernel", symbol
    if library.endswith(".dll"):
        return ".NET library", Path(library).name
    for name, part in NATIVE.items():
        if name in library:
            return part, symbol
    return "other native code", symbol


def record(command, rate, scratch):
    """Runs a command under perf. Returns what it cost, its events with the time of each, and the samples."""
    data = Path(scratch) / "perf.data"
    variables = {**os.environ, "DOTNET_PerfMapEnabled": "1", "DOTNET_EnableWriteXorExecute": "0"}
    begun = time.monotonic()
    process = subprocess.Popen(
        ["perf", "record", "-q", "-F", str(rate), "-k", "CLOCK_MONOTONIC", "-o", data, "--", *map(str, command)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)
    events, complaints = [], []

    def read_events():
        for line in process.stderr:
            complaints.append(line)

    reader = threading.Thread(target=read_events, daemon=True)
    reader.start()
    for line in process.stdout:
        if line.startswith("{"):
            events.append((time.monotonic(), json.loads(line)))
    _, status, usage = os.wait4(process.pid, 0)
    reader.join()
    if status != 0:
        sys.exit(f"expected the command to succeed, found status {status}: {''.join(complaints)}")
    cost = {"wall": time.monotonic() - begun, "processor": usage.ru_utime + usage.ru_stime}
    printed = subprocess.run(["perf", "script", "-i", data, "-F", "time,ip,sym,symoff,dso"], check=True, capture_output=True, text=True).stdout
    samples = []
    for line in printed.splitlines():
        match = SAMPLE.match(line)
        if match:
            samples.append((float(match["time"]), *part_of(match["symbol"], match["library"])))
    return cost, begun, events, samples


def stages_of(begun, events, out):
    """When each stage began, ascending: [(time, name)]. The job's clock starts a little after the process, which counts as start."""
    seconds = json.loads((out / "manifest.json").read_text())["run"]["seconds"]
    ended = next(at for at, event in events if event.get("event") == "result")
    started = ended - seconds["total"]
    stages = [(begun, "start"), (started, "reading")]
    for at, event in events:
        if event.get("event") == "progress" and event["stage"] != stages[-1][1]:
            stages.append((at, event["stage"]))
    at = started
    for name, taken in seconds.items():
        if name in ("writing", "reporting"):
            stages.append((at, name))
        at += taken if name != "total" else 0
    return sorted(stages)


def table(cost, stages, samples, top):
    each = cost["processor"] / max(1, len(samples))
    walls, times = collections.Counter(), collections.defaultdict(collections.Counter)
    functions = collections.Counter()
    ends = [at for at, _ in stages[1:]] + [stages[0][0] + cost["wall"]]
    for (at, name), end in zip(stages, ends):
        walls[name] += end - at
    for at, part, function in samples:
        name = next((stage for begin, stage in reversed(stages) if begin <= at), "start")
        times[name][part] += each
        functions[(part, function)] += each
    lines = ["| stage | wall s | processor s | of it, in |", "|---|---|---|---|"]
    for name in dict.fromkeys(stage for _, stage in stages):
        parts = ", ".join(f"{part} {seconds:.2f}" for part, seconds in times[name].most_common(5))
        lines.append(f"| {name} | {walls[name]:.2f} | {sum(times[name].values()):.2f} | {parts} |")
    lines.append(f"| all | {cost['wall']:.2f} | {cost['processor']:.2f} | |")
    lines += ["", "| function | part | processor s |", "|---|---|---|"]
    lines += [f"| {function} | {part} | {seconds:.2f} |" for (part, function), seconds in functions.most_common(top)]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Profiles a selection by stage and by part of the program.")
    parser.add_argument("--out", type=Path, help="file for the table; default: only printed")
    parser.add_argument("--rate", type=int, default=199, help="samples for each second of processor time")
    parser.add_argument("--top", type=int, default=20, help="functions that are listed")
    parser.add_argument("--title", default="Where the processor's time goes")
    parser.add_argument("--dll", type=Path, default=measure.ROOT / "artifacts/bin/Tsds.Cli/release/Tsds.Cli.dll")
    parser.add_argument("command", nargs="+", help="select and its options, after --")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        command = ["dotnet", options.dll, *options.command, "--json", "--out", out]
        cost, begun, events, samples = record(command, options.rate, scratch)
        stages = stages_of(begun, events, out)
    env = measure.environment()
    head = (f"### {options.title}\n\n{env['processor']}, {env['cores']} cores, {'AVX-512' if env['avx512'] else 'AVX2' if env['avx2'] else 'no AVX2'}; "
            f"{env['date']}; commit {env['commit']}; load average {os.getloadavg()[0]:.0f}; {len(samples)} samples.\n\n")
    text = head + table(cost, stages, samples, options.top)
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
