"""Runs commands and says what they cost; shared by compare/compare.py, scaling/scaling.py and cluster/cluster.py. Standard library only."""
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def fields_of(path):
    """The "name: value" lines of a file below /proc, the first of each name; empty where there is no such file."""
    try:
        pairs = (line.split(":", 1) for line in Path(path).read_text().splitlines() if ":" in line)
        result = {}
        for name, value in pairs:
            result.setdefault(name.strip(), value.strip())
        return result
    except OSError:
        return {}


def output_of(command):
    """What a command prints, in one line; None when it fails. In the root, so that global.json chooses the SDK."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        return done.stdout.strip() if done.returncode == 0 else None
    except OSError:
        return None


def environment(python=None):
    """Everything a reader needs to judge the numbers, and nothing that names this machine or its user."""
    cpu = fields_of("/proc/cpuinfo")
    flags = cpu.get("flags", "").split()
    result = {
        "processor": cpu.get("model name", platform.processor() or platform.machine()),
        "family": cpu.get("cpu family"),
        "model": cpu.get("model"),
        "cores": cores(),
        "avx2": "avx2" in flags,
        "avx512": "avx512f" in flags,
        "avx512vnni": "avx512_vnni" in flags,
        "memoryBytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.system(),
        "dotnet": output_of(["dotnet", "--version"]),
        "commit": output_of(["git", "describe", "--always", "--dirty"]),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
    }
    if python:
        versions = output_of([python, "-c", "import faiss, numpy; print(faiss.__version__, numpy.__version__)"])
        result["faiss"], result["numpy"] = versions.split() if versions else (None, None)
        compiled = output_of([python, "-c", "import faiss; print(faiss.get_compile_options())"])
        result["faissCompileOptions"] = compiled.strip() if compiled else None
    return result


def cores():
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def slug(env):
    """A folder name for a processor. Virtual machines hide models, so the widest vectors and the cores belong to it."""
    width = "avx512" if env["avx512"] else "avx2" if env["avx2"] else platform.machine()
    name = re.sub(r"\((r|tm)\)|\bcpu\b|@.*", " ", env["processor"].lower())
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {width} {env['cores']} cores").strip("-")


def results_folder(env, given=None):
    """bench/results/<processor>, or the folder given; created."""
    folder = Path(given) if given else ROOT / "bench" / "results" / slug(env)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class PeakOwn(threading.Thread):
    """Watches the memory of a process that is not pages of files: a mapped pool counts as resident, yet can be dropped at any time.

    Anonymous and shared memory together, because .NET keeps compiled code in the latter. Sampled, so a lower bound; None off Linux.
    """

    def __init__(self, process):
        super().__init__(daemon=True)
        self.status, self.bytes, self.done = f"/proc/{process}/status", None, threading.Event()

    def run(self):
        while not self.done.wait(0.02):
            fields = fields_of(self.status)
            if "RssAnon" in fields:
                own = sum(int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))
                self.bytes = max(self.bytes or 0, own)


def run(command, variables=None):
    """Runs a command to its end: (what it printed, what it cost). Leaves with its errors when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, env={**os.environ, **(variables or {})})
    watch = PeakOwn(process.pid)
    watch.start()
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    watch.done.set()
    watch.join()
    if process.returncode != 0:
        sys.exit(f"{printed}\n{' '.join(map(str, command))} ended with {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return printed, {"wallSeconds": round(wall, 3), "cpuSeconds": round(usage.ru_utime + usage.ru_stime, 3),
                     "peakBytes": peak, "peakOwnBytes": watch.bytes}


def select(pool, targets, out, options):
    """Runs ./tsds select on vectors: its cost, and what it says of its result.

    No times of stages: a stage may run in many passes, its events give the seconds of the pass alone, and not every pass has one.
    """
    out = Path(out)
    shutil.rmtree(out, ignore_errors=True)
    printed, cost = run([ROOT / "tsds", "select", "--json", "--pool-vectors", pool, "--target-vectors", targets, "--out", out, *options])
    shutil.rmtree(out, ignore_errors=True)
    result = json.loads(printed.splitlines()[-1])
    keep = ("poolRows", "targetRows", "densitiesEvaluated", "nearDuplicates", "alpha", "scale", "bandwidth", "effectiveNeighbors", "gap",
            "certified", "rows", "distinctRows", "elapsedSeconds")
    return {**cost, "result": {name: result[name] for name in keep}}


def prepare():
    """Builds the command line, so that no measurement has the build in it."""
    run([ROOT / "tsds", "--version"])
