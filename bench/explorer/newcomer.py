#!/usr/bin/env python3
"""How long a newcomer takes from README's first command to a changed, saved and verified selection, and by how many clicks.

    newcomer.py [--shots FOLDER] [--dark] [--width 1280] [--height 800] [--out FOLDER]

The commands are README's own, run on samples/ in a folder of its own; building the tool and the page comes before, as a package has it
built. The player knows nothing but what the page says: she reads what is new on each screen at 240 words a minute, but no screen for
more than ten seconds, aims for a second before each click, and drags a slider for a second. Prints the seconds of each step, her own
seconds and the processor's, and writes them beside the other results; --shots keeps a picture of each screen. The browser draws in software. Standard library only.
"""
import argparse
import base64
import json
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import explorer  # noqa: E402
from explorer import measure  # noqa: E402

WORDS_PER_SECOND = 4
LONGEST_LOOK = 10
AIM = 1.0

# What a reader sees of the page: the text of the parts that are shown, on the side or in a dialog.
VISIBLE = """[...document.querySelectorAll('dialog[open]')].map(e => e.innerText).join(' ')
  || [...document.querySelectorAll('.bar, #change, .toolbar, #notices, #legend, #side')].map(e => e.innerText).join(' ')"""


class Newcomer:
    """Reads, aims and clicks; remembers which words she has read, and how long each step took."""

    def __init__(self, browser, shots):
        self.browser, self.shots, self.read, self.clicks, self.steps, self.own = browser, shots, set(), 0, [], 0
        self.start = self.last = time.perf_counter()

    def look(self, step):
        text = self.browser.evaluate(VISIBLE)
        new = [word for word in text.split() if word not in self.read]
        self.read.update(new)
        if self.shots:
            (self.shots / f"{len(self.steps):02} {step}.png").write_bytes(base64.b64decode(self.browser.send("Page.captureScreenshot")["data"]))
        self.pause(min(LONGEST_LOOK, len(new) / WORDS_PER_SECOND))
        self.note(step)

    def pause(self, seconds):
        """What she takes herself, whatever the machine does."""
        time.sleep(seconds)
        self.own += seconds

    def note(self, step):
        now = time.perf_counter()
        self.steps.append({"step": step, "seconds": round(now - self.last, 1)})
        self.last = now

    def box(self, find):
        script = f"""(() => {{ const e = {find}; e.scrollIntoView({{block: 'nearest'}}); const b = e.getBoundingClientRect();
            return e.disabled || b.width === 0 ? null : [b.x, b.y, b.width, b.height]; }})()"""
        while not (box := self.browser.evaluate(script)):
            time.sleep(0.05)
        return box

    def mouse(self, kind, x, y):
        self.browser.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=0 if kind == "mouseReleased" else 1, clickCount=1)

    def click(self, text, where="document"):
        x, y, width, height = self.box(f"[...{where}.querySelectorAll('button')].find(b => b.innerText.trim() === {json.dumps(text)})")
        self.pause(AIM)
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x + width / 2, y + height / 2)
        self.clicks += 1

    def drag(self, slider, start, end):
        """Drags a slider from one share of its width to another one."""
        x, y, width, height = self.box(f"document.querySelector({json.dumps(slider)})")
        self.pause(AIM)
        self.mouse("mousePressed", x + 8 + start * (width - 16), y + height / 2)
        for i in range(1, 11):
            self.mouse("mouseMoved", x + 8 + (start + (end - start) * i / 10) * (width - 16), y + height / 2)
            self.pause(0.1)
        self.mouse("mouseReleased", x + 8 + end * (width - 16), y + height / 2)
        self.clicks += 1

    def wait(self, condition):
        while not self.browser.evaluate(condition):
            time.sleep(0.05)


def commands(readme):
    lines = [line.strip() for line in readme.read_text().splitlines() if line.startswith("    ./tsds ")]
    return shlex.split(lines[0]), shlex.split(next(line for line in lines if line.startswith("./tsds explore ")))


def play(chromium, shots, dark, width, height):
    select, explore = commands(measure.ROOT / "README.md")
    tool = [str(measure.ROOT / "tsds")]
    folder = Path(tempfile.mkdtemp(prefix="tsds-newcomer-"))
    browser = server = None
    try:
        (folder / "samples").mkdir()
        for name in ("pool.jsonl", "targets.jsonl"):
            shutil.copy(measure.ROOT / "samples" / name, folder / "samples" / name)
        browser = explorer.Browser(chromium)
        browser.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        player, before = Newcomer(browser, shots), resource.getrusage(resource.RUSAGE_CHILDREN)
        summary = subprocess.run([*tool, *select[1:], "--no-cache"], cwd=folder, check=True, capture_output=True, text=True).stdout
        player.note("README's first command")
        player.pause(min(LONGEST_LOOK, len(summary.split()) / WORDS_PER_SECOND))
        player.note("reads its summary")
        server = explorer.Server(explore[2], folder)
        browser.open(server.address)
        player.note("README's second command, until the map is there")
        player.look("the page")
        alpha = browser.evaluate("document.querySelector('#slide-alpha').valueAsNumber")
        player.drag("#slide-alpha", alpha, alpha - 0.2 if alpha > 0.4 else alpha + 0.15)
        player.wait("document.querySelector('#change-state').textContent.includes('not saved')")
        player.note("moves a slider")
        player.look("what it did")
        player.click("Changes")
        player.look("the changes")
        player.click("Save…")
        player.wait("document.querySelector('dialog[open]') !== null")
        player.look("the dialog")
        player.click("Save", "document.querySelector('dialog[open]')")
        player.wait("document.querySelector('dialog[open]')?.innerText.includes('tsds verify')")
        player.note("saves")
        player.look("saved")
        player.click("Verify now", "document.querySelector('dialog[open]')")
        player.wait("document.querySelector('dialog[open]')?.innerText.includes('Verified')")
        player.note("verifies")
        player.look("verified")
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        running = sum(map(explorer.cpu_of, [server.process.pid, *explorer.tree_of(browser.process.pid)]))
        return {
            "seconds": round(time.perf_counter() - player.start, 1),
            "readingAndAimingSeconds": round(player.own, 1),
            "processorSeconds": round(children.ru_utime + children.ru_stime - before.ru_utime - before.ru_stime + running, 1),
            "clicks": player.clicks,
            "steps": player.steps,
        }
    finally:
        if browser:
            browser.stop()
        if server:
            server.stop()
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--shots")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    parser.add_argument("--out")
    given = parser.parse_args()
    measure.prepare()
    subprocess.run([measure.ROOT / "eng" / "page.sh"], check=True)
    environment = {**measure.environment(), "loadBefore": round(explorer.os.getloadavg()[0], 1)}
    shots = Path(given.shots) if given.shots else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    record = play(given.chromium, shots, given.dark, given.width, given.height)
    print(json.dumps(record, indent=1, ensure_ascii=False))
    if not shots:
        path = measure.results_folder(environment, given.out) / "newcomer.json"
        path.write_text(json.dumps({"environment": environment, **record}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
