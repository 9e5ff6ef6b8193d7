"""The verbs: each runs the program once and returns what it made."""

import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

from ._inputs import Inputs, Rows, Vectors
from ._program import Event, flags, result, run
from ._selection import PathLike, Report, Selection

# What may lie in memory, by the name of its option.
_ROWS = ("pool", "target", "exclude", "keep", "test")
_VECTORS = ("pool_vectors", "target_vectors", "exclude_vectors", "keep_vectors", "test_vectors")


class Comparison:
    """Methods side by side on one budget, judged by targets that none of them had seen."""

    def __init__(self, path: PathLike, events: List[Event]) -> None:
        self.path = Path(path).absolute()
        """The folder, with metrics.json and the report."""
        self.summary = result(events)
        """What the program says at its end."""
        self.methods: List[Dict[str, Any]] = self.summary["methods"]
        """The scores of each method."""
        self._inputs: Optional[object] = None

    @property
    def report(self) -> Report:
        """The page that shows the comparison."""
        return Report(self.path / "report.html")

    def __repr__(self) -> str:
        return f"Comparison({', '.join(method['method'] for method in self.methods)}, in {str(self.path)!r})"


class VectorStore:
    """The vectors of a pool in a folder; ``select`` takes it as ``pool_vectors``."""

    def __init__(self, path: PathLike, summary: Dict[str, Any]) -> None:
        self.path = Path(path).absolute()
        """The folder."""
        self.summary = summary
        """What the program says at its end."""

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"VectorStore({self.summary['rows']} x {self.summary['dimension']}, in {str(self.path)!r})"


class Inspection:
    """What is in files of rows."""

    def __init__(self, events: List[Event]) -> None:
        self.files = [
            {name: value for name, value in event.items() if name != "event"}
            for event in events
            if event["event"] == "file"
        ]
        """One dict for each file: container, schema, rows, tokens, bad rows, what each trainer would read."""
        self.summary = result(events)
        """The sums, duplicates, and what a selection from them would take."""

    def __repr__(self) -> str:
        lines = [
            f"{file['path']}: {file['problem'] or str(file['rows']) + ' rows, ' + str(file['schema'])}"
            for file in self.files
        ]
        return "\n".join(lines)


class Verification:
    """Whether a selection is what its manifest says; true in a condition if it is."""

    def __init__(self, event: Event) -> None:
        self.agrees: bool = event["agrees"]
        """True if everything agrees."""
        self.checks: List[Dict[str, Any]] = event["checks"]
        """What was compared, and whether it agrees."""

    def __bool__(self) -> bool:
        return self.agrees

    def __repr__(self) -> str:
        return f"Verification({'agrees' if self.agrees else 'differs'}, {len(self.checks)} checks)"


def select(
    pool: Optional[Rows] = None,
    target: Optional[Rows] = None,
    *,
    budget: Union[int, str],
    out: Optional[PathLike] = None,
    pool_vectors: Optional[Vectors] = None,
    target_vectors: Optional[Vectors] = None,
    embedder: Optional[str] = None,
    relevance: Union[float, str, None] = None,
    force: bool = False,
    progress: Optional[bool] = None,
    **options: Any,
) -> Selection:
    """Chooses the rows of a pool that serve a target task best, and proves the choice optimal.

    ``pool`` and ``target`` are paths (a file, a folder, a glob, or a list of them) or rows: dicts, a
    ``datasets.Dataset``, a ``pyarrow.Table``. ``target`` may be a mapping of tasks,
    ``{"math": rows, "code": (rows, 0.4)}``. ``pool_vectors`` and ``target_vectors`` are paths or arrays, one row per
    vector. ``budget`` is a number of rows, ``"5%"`` or ``"20Mtok"``. ``out`` is a new folder; without one, the selection
    lies in a temporary folder for as long as the object lives. ``progress`` is True, False, or None for on a terminal
    and in a notebook. Other options are those of ``tsds select``, with underscores: ``exclude=``, ``alpha=``, ``seed=``,
    ``threads=``, ``memory="8GB"``.
    """
    given = {
        "pool": pool,
        "target": target,
        "pool_vectors": pool_vectors,
        "target_vectors": target_vectors,
        "budget": budget,
        "embedder": embedder,
        "relevance": relevance,
        **options,
    }
    inputs, events = _run("select", given, out, force, progress)
    selection = Selection(inputs.out, result(events))
    selection._inputs = inputs
    return selection


def compare(
    pool: Optional[Rows] = None,
    target: Optional[Rows] = None,
    *,
    budget: Union[int, str],
    out: Optional[PathLike] = None,
    pool_vectors: Optional[Vectors] = None,
    target_vectors: Optional[Vectors] = None,
    methods: Optional[str] = None,
    force: bool = False,
    progress: Optional[bool] = None,
    **options: Any,
) -> Comparison:
    """Compares methods of selecting on one budget by held-out targets; arguments as for :func:`select`.

    ``methods`` is a list such as ``"tsds,random,dsir"``; other options are those of ``tsds compare``.
    """
    given = {
        "pool": pool,
        "target": target,
        "pool_vectors": pool_vectors,
        "target_vectors": target_vectors,
        "budget": budget,
        "methods": methods,
        **options,
    }
    inputs, events = _run("compare", given, out, force, progress)
    comparison = Comparison(inputs.out, events)
    comparison._inputs = inputs
    return comparison


def embed(pool: Rows, out: PathLike, *, progress: Optional[bool] = None, force: bool = False, **options: Any) -> VectorStore:
    """Embeds the rows of a pool once, into a folder that ``select`` takes as ``pool_vectors``.

    Options are those of ``tsds embed``: ``embedder=``, ``text_field=``, ``threads=``.
    """
    inputs, events = _run("embed", {"pool": pool, **options}, out, force, progress)
    return VectorStore(inputs.out, result(events))


def inspect(*paths: PathLike, progress: Optional[bool] = None, **options: Any) -> Inspection:
    """Describes files of rows: schema, tokens, bad rows, duplicates, and what a selection from them takes."""
    arguments = ["inspect", *map(os.fspath, paths), *flags(options)]
    return Inspection(run(arguments, progress, codes=(0, 1)))


def verify(
    selection: Union[Selection, PathLike], *, progress: Optional[bool] = None, **options: Any
) -> Verification:
    """Checks whether a selection is what its manifest says, by selecting again; changes nothing."""
    if not isinstance(selection, Selection):
        selection = Selection(selection)
    arguments = ["verify", str(selection.path), *flags(selection._with_root(options))]
    return Verification(result(run(arguments, progress, codes=(0, 1))))


def _run(
    verb: str, given: Dict[str, Any], out: Optional[PathLike], force: bool, progress: Optional[bool]
) -> Tuple[Inputs, List[Event]]:
    with Inputs(out, force) as inputs:
        options = dict(given)
        for name in _ROWS:
            if options.get(name) is not None:
                options[name] = inputs.rows(name, options[name])
        for name in _VECTORS:
            if options.get(name) is not None:
                options[name] = inputs.vectors(name, options[name])
        return inputs, run([verb, *flags({**options, "out": inputs.out, "force": force})], progress)
