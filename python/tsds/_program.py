"""Runs the program ``tsds`` and reads its events."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from ._progress import Progress

Event = Dict[str, Any]


class TsdsError(Exception):
    """What went wrong, in one sentence: what was expected, what was found, where, and what to do."""


def executable() -> str:
    """Returns the path of the program: ``TSDS_EXECUTABLE``, the one in this package, or one on the PATH."""
    name = "tsds.exe" if os.name == "nt" else "tsds"
    given = os.environ.get("TSDS_EXECUTABLE")
    if given:
        return given
    packaged = Path(__file__).parent / "bin" / name
    if packaged.is_file():
        return str(packaged)
    found = shutil.which(name)
    # The console script of this package is found too, and would find itself.
    if found and not _is_script(found):
        return found
    raise TsdsError(f"expected the program in {packaged}, found no such file; install the wheel of your platform.")


def flags(options: Dict[str, Any]) -> List[str]:
    """Returns keyword arguments as options of the command line: ``exclude_distance=0.1`` is ``--exclude-distance``."""
    arguments: List[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(flag)
        elif isinstance(value, (list, tuple)):
            arguments.extend([flag, *(os.fspath(item) if isinstance(item, os.PathLike) else str(item) for item in value)])
        else:
            arguments.extend([flag, os.fspath(value) if isinstance(value, os.PathLike) else str(value)])
    return arguments


def run(
    arguments: Sequence[str], progress: Optional[bool] = False, codes: Tuple[int, ...] = (0,), cwd: Optional[str] = None
) -> List[Event]:
    """Runs the program and returns its events, those of progress aside.

    When this is interrupted, so is the program: it removes what is half written, and KeyboardInterrupt goes on.
    """
    with tempfile.TemporaryFile() as words:
        # A session of its own: Ctrl-C in a terminal reaches it once, through us, and not twice.
        child = subprocess.Popen(
            [executable(), *arguments, "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            cwd=cwd,
            start_new_session=os.name == "posix",
        )
        try:
            events = _read(child, Progress(progress))
            code = child.wait()
        except BaseException:
            _stop(child)
            raise
        finally:
            assert child.stdout is not None
            child.stdout.close()
        words.seek(0)
        said = words.read().decode("utf-8", "replace")
    # A check that found a difference has a result and a code; an error has a sentence.
    problem = next((event for event in events if event["event"] == "error"), None)
    if problem is not None or code not in codes:
        raise TsdsError(_sentence(problem["message"] if problem else said.strip() or f"the program ended with {code}."))
    return events


class Service:
    """A program that answers until it is stopped, such as the explorer."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._words = tempfile.TemporaryFile()
        self._child = subprocess.Popen(
            [executable(), *arguments, "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._words,
            start_new_session=os.name == "posix",
        )
        try:
            self.address = self._listening()
        except BaseException:
            self.stop()
            assert self._child.stdout is not None
            self._child.stdout.close()
            raise
        # Nobody else reads what it says from here on, and a full pipe would hold it up.
        threading.Thread(target=self._drain, daemon=True).start()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Ends the program; a second time does nothing."""
        atexit.unregister(self.stop)
        _stop(self._child)
        self._words.close()

    def _listening(self) -> str:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            event = json.loads(line)
            if event["event"] == "listening":
                return str(event["address"])
            if event["event"] == "error":
                raise TsdsError(_sentence(event["message"]))
        code = self._child.wait()
        self._words.seek(0)
        said = self._words.read().decode("utf-8", "replace").strip()
        raise TsdsError(_sentence(said or f"the program ended with {code}."))

    def _drain(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout:
            for _ in self._child.stdout:
                pass


def result(events: Iterable[Event]) -> Event:
    """Returns the event with the result, without its name."""
    last = next(event for event in events if event["event"] == "result")
    return {name: value for name, value in last.items() if name != "event"}


def _read(child: "subprocess.Popen[bytes]", progress: Progress) -> List[Event]:
    events: List[Event] = []
    assert child.stdout is not None
    with progress:
        for line in child.stdout:
            event = json.loads(line)
            if event["event"] == "progress":
                progress.step(event["stage"], event["done"], event["total"])
            else:
                events.append(event)
    return events


def _stop(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    try:
        child.wait(timeout=30)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()


def _sentence(said: str) -> str:
    return said[6:] if said.startswith("tsds: ") else said


def _is_script(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(2) == b"#!" or Path(sys.executable).parent == Path(path).parent
