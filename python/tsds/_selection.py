"""What a selection has."""

import html
import json
import os
import webbrowser
from functools import cached_property
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Union

from ._program import Service, TsdsError, flags, result, run

PathLike = Union[str, "os.PathLike[str]"]


class Report:
    """The page that shows a selection or a comparison; the last line of a notebook's cell shows it there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise TsdsError(f"expected the report {path}, found no such file.")

    def show(self) -> None:
        """Opens the page in a browser."""
        webbrowser.open(self.path.resolve().as_uri())

    def _repr_html_(self) -> str:
        page = html.escape(self.path.read_text(encoding="utf-8"), quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:720px;border:0"></iframe>'

    def __repr__(self) -> str:
        return f"Report({str(self.path)!r})"


class Export:
    """What was written for a trainer."""

    def __init__(self, event: Dict[str, Any]) -> None:
        self.files: List[str] = event["files"]
        """The files written."""
        self.rows: int = event["rows"]
        """The number of rows."""
        self.snippet: str = event["snippet"]
        """What the trainer has to be told."""
        self.summary = event
        """Everything that the program says of it."""

    def __repr__(self) -> str:
        return f"{self.rows} rows in {', '.join(self.files)}\n\n{self.snippet}"


class Explorer:
    """A selection in the browser, until ``stop()`` or the end of Python; also a context manager."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.address = service.address
        """Where the page is, on this machine alone."""

    def stop(self) -> None:
        """Ends it; what was saved stays."""
        self._service.stop()

    def __enter__(self) -> "Explorer":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def _repr_html_(self) -> str:
        address = html.escape(self.address, quote=True)
        return f'<a href="{address}" target="_blank" rel="noopener">{address}</a>'

    def __repr__(self) -> str:
        return f"Explorer({self.address!r})"


class Selection:
    """A selection on disk: the chosen rows, and why they were chosen.

    ``Selection("out/")`` opens one that was made before, by whatever.
    """

    def __init__(
        self, path: PathLike, summary: Optional[Dict[str, Any]] = None, root: Optional[PathLike] = None
    ) -> None:
        self.path = Path(path).absolute()
        """The folder."""
        self.summary = summary
        """What ``tsds select --json`` says at its end, or None for a selection that was opened."""
        self._root = os.fspath(root) if root is not None else os.getcwd()
        self._inputs: Optional[object] = None
        if not (self.path / "manifest.json").is_file():
            raise TsdsError(f"expected the folder of a selection, found no manifest.json in {self.path}.")

    @cached_property
    def manifest(self) -> Dict[str, Any]:
        """Inputs with hashes, every option with automatic values resolved, the solution and the selection."""
        with open(self.path / "manifest.json", encoding="utf-8") as file:
            manifest: Dict[str, Any] = json.load(file)
            return manifest

    @cached_property
    def rows(self) -> List[Dict[str, Any]]:
        """The chosen rows, in the order of the pool; kept rows (``keep=``) come first."""
        if not (self.path / "selected.jsonl").is_file():
            raise TsdsError("the selection was made from vectors alone and has no rows; use .indices.")
        return self._lines("selected.jsonl")

    @cached_property
    def lineage(self) -> List[Dict[str, Any]]:
        """One dict for each row that could be drawn: where it is, its probability, the targets that pulled it."""
        return self._lines("lineage.jsonl")

    @property
    def indices(self) -> Any:
        """The numbers of the chosen rows in the pool, each once, ascending: a numpy array, or a list without numpy."""
        return _array([row["row"] for row in self._drawn])

    @property
    def counts(self) -> Any:
        """How often each of ``indices`` was drawn: 1, except with ``sampling="multinomial"`` or ``"systematic"``."""
        return _array([row["count"] for row in self._drawn])

    @property
    def certificate(self) -> Optional[Dict[str, Any]]:
        """Whether the plan is proven optimal, with its cost, the bound from below, and their relative difference.

        None for a selection by another method than optimal transport.
        """
        solution = self.manifest.get("solution")
        if not solution:
            return None
        return {name: solution[name] for name in ("certified", "primal", "dual", "gap")}

    @property
    def report(self) -> Report:
        """The page that shows the selection."""
        return Report(self.path / "report.html")

    def to_dataset(self) -> Any:
        """Returns the chosen rows as a ``datasets.Dataset``."""
        try:
            import datasets
        except ImportError:
            raise TsdsError("to_dataset() needs the package datasets; install it with 'pip install datasets'.") from None
        return datasets.Dataset.from_list(self.rows)

    def export(self, to: str, out: Optional[PathLike] = None, **options: Any) -> Export:
        """Writes the rows as a trainer reads them: axolotl, trl, llama-factory, torchtune, unsloth, hf and others.

        ``out`` is a folder, by default ``export-TRAINER`` in the selection's own; options are those of ``tsds export``.
        """
        return Export(result(run(["export", str(self.path), *flags({"to": to, "out": out, **options})])))

    def explain(
        self, row: Optional[int] = None, target: Optional[int] = None, id: Optional[str] = None, **options: Any
    ) -> Dict[str, Any]:
        """Says why a row was chosen or was not, or how a target is served."""
        subjects = [f"{kind}:{value}" for kind, value in (("row", row), ("target", target), ("id", id)) if value is not None]
        if len(subjects) != 1:
            raise TsdsError(f"expected one of row=, target= and id=, found {len(subjects)}.")
        return result(run(["explain", str(self.path), subjects[0], *flags(self._with_root(options))]))

    def explore(self, other: Optional[PathLike] = None, browser: bool = True, **options: Any) -> Explorer:
        """Opens the selection in the browser, to look at it and to change it, and returns at once.

        ``other`` is a second selection, or a comparison, to show beside it; options are those of ``tsds explore``.
        """
        folders = [str(self.path)] if other is None else [str(self.path), os.fspath(other)]
        return Explorer(Service(["explore", *folders, *flags(self._with_root({"no_browser": not browser, **options}))]))

    def _with_root(self, options: Mapping[str, Any]) -> Dict[str, Any]:
        return {"root": self._root, **options}

    @cached_property
    def _drawn(self) -> List[Dict[str, Any]]:
        return sorted((row for row in self.lineage if row["count"] > 0), key=lambda row: int(row["row"]))

    def _lines(self, name: str) -> List[Dict[str, Any]]:
        with open(self.path / name, encoding="utf-8", newline="\n") as file:
            return [json.loads(line) for line in file]

    def __len__(self) -> int:
        return sum(row["count"] for row in self._drawn)

    def __repr__(self) -> str:
        certificate = self.certificate
        proof = "" if certificate is None else ", proven optimal" if certificate["certified"] else ", not proven optimal"
        return f"Selection({len(self)} rows{proof}, in {str(self.path)!r})"


def _array(numbers: List[int]) -> Any:
    try:
        import numpy
    except ImportError:
        return numbers
    return numpy.array(numbers, dtype=numpy.int64)
