"""Shows how far the program is: with tqdm where it is installed, else as one line on standard error."""

import sys
from typing import Any, Optional


class Progress:
    """The progress of one run.

    ``shown`` is True for always, False for never, None for on a terminal and in a notebook only.
    """

    def __init__(self, shown: Optional[bool]) -> None:
        self._shown = sys.stderr.isatty() or _in_notebook() if shown is None else shown
        self._stage: Optional[str] = None
        self._bar: Any = None
        self._tqdm: Any = None
        if self._shown:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                pass
            else:
                self._tqdm = tqdm

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def step(self, stage: str, done: int, total: Optional[int]) -> None:
        """Shows that so much of a stage is done."""
        if not self._shown:
            return
        if stage != self._stage:
            self._end()
            self._stage = stage
            if self._tqdm is not None:
                self._bar = self._tqdm(total=total, desc=stage, unit_scale=True)
        if self._bar is not None:
            self._bar.total = total
            self._bar.update(done - self._bar.n)
        else:
            share = f" {min(done / total, 1):4.0%}" if total else ""
            sys.stderr.write(f"\r{stage}{share}   ")
            sys.stderr.flush()

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        elif self._stage is not None:
            sys.stderr.write("\n")
        self._stage = None


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and shell.get_ipython() is not None and hasattr(shell.get_ipython(), "kernel")
