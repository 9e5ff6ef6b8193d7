#!/usr/bin/env python3
"""What the explorer takes: its answers, its map, and a pool of a million rows. Writes explorer.json and explorer.md to bench/results/<processor>.

    explorer.py [--rounds 3] [--chromium /usr/bin/chromium] [--out FOLDER]

* answers: a plan of at least 100,000 pairs of target and row, asked of the server again with other values of each control; and the map of
  neighbors of 200,000 rows. The wall time is the client's; the processor time is the server's, which other work on the machine changes less.
* frames: a map of 10,000 rows, and one of 1,000,000, that is dragged for three seconds, drawn in software, several times over.
* opening: from the start of `tsds explore` until the map of 1,000,000 rows is drawn, with the memory of the server and of all processes
  of the browser (proportional set size, where a shared page counts once). Rows with texts, and vectors alone.

Vectors come from bench/vectors/generate-vectors.cs, texts from here. The browser is driven over a pipe. Standard library only.
"""
import argparse
import json
import os
import queue
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import measure  # noqa: E402

GENERATOR = measure.ROOT / "bench" / "vectors" / "generate-vectors.cs"
TICK = os.sysconf("SC_CLK_TCK")
WORDS = "stock onion table index orbit comet query garlic planet column oven lens roast key star join dough view salt group".split()


def cpu_of(process):
    """Processor seconds of a process so far."""
    values = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(values[11]) + int(values[12])) / TICK


def tree_of(process):
    """A process and all that it started."""
    found, parents = [process], {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents.setdefault(int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]), []).append(int(folder.name))
            except OSError:
                pass
    for one in found:
        found += parents.get(one, [])
    return found


def memory_of(processes):
    """Proportional set size in bytes, of which file pages are left out: a mapped file can be dropped at any time."""
    total = 0
    for process in processes:
        try:
            fields = measure.fields_of(f"/proc/{process}/smaps_rollup")
            total += sum(int(fields[name].split()[0]) * 1024 for name in ("Pss_Anon", "Pss_Shmem"))
        except KeyError:
            pass
    return total


class PeakMemory(threading.Thread):
    """Watches what some processes hold until it is stopped."""

    def __init__(self, roots):
        super().__init__(daemon=True)
        self.roots, self.bytes, self.done = roots, [0] * len(roots), threading.Event()

    def run(self):
        while not self.done.wait(0.1):
            for i, root in enumerate(self.roots):
                self.bytes[i] = max(self.bytes[i], memory_of(tree_of(root)))

    def stop(self):
        self.done.set()
        self.join()
        return self.bytes


class Server:
    """`tsds explore` on a folder, as seen from another one."""

    def __init__(self, folder, start_in=None):
        page = measure.ROOT / "src" / "Tsds.Explorer" / "web" / "dist"
        program = measure.ROOT / "artifacts" / "bin" / "Tsds.Cli" / "release" / "Tsds.Cli.dll"
        self.start = time.perf_counter()
        self.process = subprocess.Popen(["dotnet", program, "explore", folder, "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, cwd=start_in, env={**os.environ, "TSDS_EXPLORER_PAGE": str(page)})
        self.address = self.process.stdout.readline().strip()

    def stages(self):
        """Waits until the selection is open: what was done, with the seconds from the start at which each stage began."""
        stages = {}
        with urllib.request.urlopen(self.address + "api/events") as events:
            for line in events:
                if line.startswith(b"data:"):
                    told = json.loads(line[5:])
                    if told.get("error"):
                        sys.exit(told["error"])
                    if "done" in told and "folder" not in told:
                        stages.setdefault(told["stage"], round(time.perf_counter() - self.start, 2))
                        if told["done"]:
                            return stages

    def wait_for_maps(self):
        while any(one["state"] in ("waiting", "working") for one in self.get("api/view")["projections"]):
            time.sleep(0.2)

    def get(self, path):
        with urllib.request.urlopen(self.address + path) as answer:
            return json.load(answer)

    def post(self, path, body):
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Browser:
    """A headless Chromium that draws in software, driven over a pipe by the DevTools protocol."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="tsds-bench-browser-")
        (ours_in, theirs_out), (theirs_in, ours_out) = os.pipe(), os.pipe()

        def place():
            read, write = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--window-size=1400,900",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=place, pass_fds=())
        os.close(theirs_in)
        os.close(theirs_out)
        self.out, self.answers, self.number = os.fdopen(ours_out, "wb"), queue.Queue(), 0
        threading.Thread(target=self.read, args=(os.fdopen(ours_in, "rb"),), daemon=True).start()
        target = next(one for one in self.send("Target.getTargets")["targetInfos"] if one["type"] == "page")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Emulation.setDeviceMetricsOverride", width=1400, height=900, deviceScaleFactor=1, mobile=False)

    def read(self, pipe):
        text = b""
        while block := pipe.read1(1 << 16):
            *messages, text = (text + block).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self.answers.put(message)

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if hasattr(self, "session"):
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        self.out.flush()
        answer = self.answers.get(timeout=300)
        if answer["id"] != self.number or "error" in answer:
            raise RuntimeError(f"{method}: {answer}")
        return answer["result"]

    def evaluate(self, script):
        done = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"])
        return done["result"].get("value")

    def open(self, address):
        """Opens the page and waits until the map is drawn."""
        self.send("Page.navigate", url=address)
        while self.evaluate("document.documentElement?.dataset.state") != "open":
            time.sleep(0.02)
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def frames(self, seconds=3):
        """Drags the map to and fro: frames a second, and the longest time between two."""
        box = self.evaluate("(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector('#map').getBoundingClientRect())")
        self.evaluate("window.drawn = []; (function next(at) { drawn.push(at); requestAnimationFrame(next); })(performance.now())")
        mouse = lambda kind, x, y: self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)
        mouse("mousePressed", *box)
        self.evaluate("drawn.length = 0")
        start, step = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            step += 1
            mouse("mouseMoved", box[0] + 120 * ((step % 60) / 30 - 1), box[1] + 40 * ((step % 30) / 15 - 1))
        at = self.evaluate("drawn.slice(1)")
        mouse("mouseReleased", *box)
        gaps = [b - a for a, b in zip(at, at[1:])]
        return {"framesPerSecond": round(1000 / statistics.fmean(gaps), 1), "longestMilliseconds": round(max(gaps), 1), "moves": step}

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def vectors(folder, n, d, m):
    place = Path(folder) / f"{n}x{d}-{m}"
    if not (place / "targets.npy").exists():
        print(f"generating {n} x {d}, {m} targets", file=sys.stderr)
        subprocess.run(["dotnet", "run", "-c", "Release", str(GENERATOR), "--", str(n), str(d), str(m), str(place)], cwd=measure.ROOT, check=True,
                       stdout=sys.stderr)
    return place


def rows(path, n):
    """Rows of about 150 characters from eight sources."""
    if not path.exists():
        with path.open("w") as file:
            for i in range(n):
                words = " ".join(WORDS[(i * 7 + j * j * (1 + i % 13)) % len(WORDS)] for j in range(18))
                file.write(f'{{"id":"r{i}","text":"{words} {i}","source":"source {i % 8}","lang":"{("en", "de", "fr")[i % 3]}"}}\n')
    return path


def select(out, *options):
    shutil.rmtree(out, ignore_errors=True)
    measure.run([measure.ROOT / "tsds", "select", "--json", "--out", out, *options])
    return out


def answers(folder, rounds):
    place = vectors(folder, 200_000, 64, 500)
    out = select(Path(folder) / "answers", "--pool-vectors", place / "pool.npy", "--target-vectors", place / "targets.npy", "--budget", "3000",
                 "--alpha", "0.4")
    server = Server(out)
    try:
        server.stages()
        first = server.post("api/plan", {})

        # The map of neighbors waits for the page's first drawing, which this is taken for.
        with urllib.request.urlopen(server.address + "api/points") as points:
            points.read()
        before, start = cpu_of(server.process.pid), time.perf_counter()
        server.wait_for_maps()
        neighbor_map = {"wallSeconds": round(time.perf_counter() - start, 1), "cpuSeconds": round(cpu_of(server.process.pid) - before, 1)}

        # What the page asks for as well, before somebody moves a slider there.
        server.post("api/plan", {"alpha": 0.1})
        asked = [("alpha", [{"alpha": round(0.39 - 0.01 * i, 2)} for i in range(rounds * 2)]),
                 ("budget", [{"budget": str(3_000 - 100 * (i + 1))} for i in range(rounds * 2)]),
                 ("100 rows left out", [{"exclude": list(range(i, 20_000 + i, 200))} for i in range(rounds * 2)]),
                 ("a target left out", [{"withoutTargets": [i]} for i in range(rounds * 2)]),
                 ("a target left out, automatic bandwidth found anew", [{"withoutTargets": [100 + i], "bandwidth": "auto"} for i in range(rounds)])]
        result = []
        for name, requests in asked:
            runs = []
            for request in requests:
                before, start = cpu_of(server.process.pid), time.perf_counter()
                plan = server.post("api/plan", request)
                wall = 1000 * (time.perf_counter() - start)
                runs.append({"wallMilliseconds": round(wall), "cpuMilliseconds": round(1000 * (cpu_of(server.process.pid) - before)),
                             "planMilliseconds": round(plan["milliseconds"]), "pairs": plan["pairs"], "reached": plan["reached"],
                             "searches": plan["searches"], "certified": plan["certified"]})
            result.append({"change": name, "runs": runs})
        return {"rows": 200_000, "dimension": 64, "targets": 500, "pairs": first["pairs"], "reached": first["reached"],
                "neighborMap": neighbor_map, "changes": result}
    finally:
        server.stop()


def frames(folder, chromium, rounds):
    result = []
    for points, budget in ((10_000, 1_000), (1_000_000, 10_000)):
        place = vectors(folder, points, 32, 200)
        out = select(Path(folder) / "frames", "--pool-vectors", place / "pool.npy", "--target-vectors", place / "targets.npy", "--budget", str(budget))
        server, browser = Server(out), None
        try:
            server.stages()
            browser = Browser(chromium)
            browser.open(server.address)
            if points < 100_000:
                server.wait_for_maps()
            for _ in range(rounds):
                before, start = sum(map(cpu_of, tree_of(browser.process.pid))), time.perf_counter()
                drawn = browser.frames()
                wall = time.perf_counter() - start
                cpu = sum(map(cpu_of, tree_of(browser.process.pid))) - before
                result.append({"points": points, **drawn, "browserCores": round(cpu / wall, 2),
                               "cpuMillisecondsPerFrame": round(1000 * cpu / (wall * drawn["framesPerSecond"]), 1)})
        finally:
            if browser:
                browser.stop()
            server.stop()
    return result


def opening(folder, chromium, rounds):
    place = vectors(folder, 1_000_000, 32, 200)
    texts = rows(Path(folder) / "pool.jsonl", 1_000_000)
    common = ["--pool-vectors", place / "pool.npy", "--target-vectors", place / "targets.npy", "--budget", "10000"]
    result = []
    for name, options in (("vectors", []), ("rows with texts", ["--pool", texts])):
        out = select(Path(folder) / "opening", *common, *options)
        for _ in range(rounds):
            shutil.rmtree(out / "explorer", ignore_errors=True)
            browser = Browser(chromium)
            server = Server(out)
            watch = PeakMemory([server.process.pid, browser.process.pid])
            watch.start()
            try:
                used = cpu_of(browser.process.pid)
                listening = time.perf_counter() - server.start
                heard = {}
                listener = threading.Thread(target=lambda: heard.update(server.stages()), daemon=True)
                listener.start()
                browser.open(server.address)
                wall = time.perf_counter() - server.start
                cpu = cpu_of(server.process.pid)
                drawn = sum(map(cpu_of, tree_of(browser.process.pid))) - used
                heap = browser.evaluate("performance.memory.usedJSHeapSize")
                listener.join()
                peak = watch.stop()
                result.append({"pool": name, "wallSeconds": round(wall, 2), "listeningSeconds": round(listening, 2), "stages": heard,
                               "serverCpuSeconds": round(cpu, 2), "browserCpuSeconds": round(drawn, 2), "serverPeakBytes": peak[0],
                               "browserPeakBytes": peak[1], "scriptHeapBytes": heap})
                print(json.dumps(result[-1]), file=sys.stderr)
            finally:
                browser.stop()
                server.stop()
    return result


def table(environment, record):
    """The figures as a page, medians of the rounds."""
    middle = lambda runs, name: round(statistics.median(run[name] for run in runs), 1)
    mb = lambda value: f"{value / 1e6:,.0f} MB"
    lines = ["# The explorer", "", f"{environment['processor']}, {environment['cores']} cores, .NET {environment['dotnet']}, commit "
             f"{environment['commit']}, {environment['date']}; `bench/explorer/explorer.py`. Medians; largest in brackets."
             + (f" The machine had a load of {environment['loadBefore']} before." if "loadBefore" in environment else ""), "",
             *([record["note"], ""] if "note" in record else []), "## Answers", "", f"{record['answers']['rows']:,} rows, {record['answers']['targets']:,} targets, "
             f"{record['answers']['pairs']:,} pairs of target and row on disk. The map of neighbors of these rows: "
              f"{record['answers']['neighborMap']['cpuSeconds']} s of processor, {record['answers']['neighborMap']['wallSeconds']} s.", "",
             "| change | pairs | answer | plan alone | processor |", "|---|---:|---:|---:|---:|"]
    for change in record["answers"]["changes"]:
        runs = change["runs"]
        lines.append(f"| {change['change']} | {middle(runs, 'pairs'):,.0f} | {middle(runs, 'wallMilliseconds'):,.0f} ms "
                     f"({max(run['wallMilliseconds'] for run in runs):,}) | {middle(runs, 'planMilliseconds'):,.0f} ms | "
                     f"{middle(runs, 'cpuMilliseconds'):,.0f} ms ({max(run['cpuMilliseconds'] for run in runs):,}) |")
    lines += ["", "## Frames", "", "The map dragged for three seconds, 1400 × 900, drawn in software.", "",
              "| points | frames a second | longest gap | processor a frame |", "|---:|---:|---:|---:|"]
    lines += [f"| {one['points']:,} | {one['framesPerSecond']} | {one['longestMilliseconds']} ms | {one['cpuMillisecondsPerFrame']} ms |" for one in record["frames"]]
    lines += ["", "## Opening", "", "1,000,000 rows, from the start of the program to the drawn map.", "",
              "| pool | wall | processor, server | processor, browser | memory, server | memory, browser | script's heap |",
              "|---|---:|---:|---:|---:|---:|---:|"]
    for name in dict.fromkeys(one["pool"] for one in record["opening"]):
        runs = [one for one in record["opening"] if one["pool"] == name]
        lines.append(f"| {name} | {middle(runs, 'wallSeconds')} s ({max(run['wallSeconds'] for run in runs)}) | {middle(runs, 'serverCpuSeconds')} s | "
                     f"{middle(runs, 'browserCpuSeconds')} s | {mb(middle(runs, 'serverPeakBytes'))} | {mb(middle(runs, 'browserPeakBytes'))} | "
                     f"{mb(middle(runs, 'scriptHeapBytes'))} |")
    lines += ["", "Memory is proportional (a shared page counts once), without pages of files, sampled every 100 ms.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--work", help="a folder for vectors and selections; a temporary one otherwise")
    parser.add_argument("--parts", nargs="+", default=["answers", "frames", "opening"])
    parser.add_argument("--out")
    given = parser.parse_args()
    measure.prepare()
    subprocess.run([measure.ROOT / "eng" / "page.sh"], check=True)
    environment = {**measure.environment(), "loadBefore": round(os.getloadavg()[0], 1)}
    work = given.work or tempfile.mkdtemp(prefix="tsds-bench-explorer-")
    Path(work).mkdir(parents=True, exist_ok=True)
    try:
        parts = {"answers": lambda: answers(work, given.rounds), "frames": lambda: frames(work, given.chromium, given.rounds),
                 "opening": lambda: opening(work, given.chromium, given.rounds)}
        record = {name: parts[name]() for name in given.parts}
    finally:
        if not given.work:
            shutil.rmtree(work)
    print(json.dumps(record, indent=1))
    if len(given.parts) == len(parts):
        folder = measure.results_folder(environment, given.out)
        (folder / "explorer.json").write_text(json.dumps({"environment": environment, **record}, indent=1) + "\n")
        (folder / "explorer.md").write_text(table(environment, record))


if __name__ == "__main__":
    main()
