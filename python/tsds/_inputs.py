"""Writes what lies in memory to files that the program reads."""

import json
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ._program import TsdsError

Paths = Union[str, "os.PathLike[str]", Sequence[Union[str, "os.PathLike[str]"]]]
Rows = Any
"""A path or several, an iterable of dicts, a ``datasets.Dataset``, a ``pyarrow.Table`` or a pandas ``DataFrame``."""
Vectors = Any
"""A path or several, or an array of numbers with one row per vector."""


class Inputs:
    """A folder for rows and vectors that came from memory.

    It lies beside an output folder, as ``OUT.inputs``, so that the selection can be explained and verified later; without
    an output folder it goes with the object that keeps it.
    """

    def __init__(self, out: Optional[Union[str, "os.PathLike[str]"]], force: bool) -> None:
        self._force = force
        self._written: List[Path] = []
        self._is_new = False
        self.keeper: Optional[object] = None
        if out is None:
            folder = tempfile.mkdtemp(prefix="tsds-")
            self.out = os.path.join(folder, "out")
            self._folder = Path(folder, "inputs")
            self.remove = weakref.finalize(self, shutil.rmtree, folder, True)
        else:
            self.out = os.fspath(out)
            self._folder = Path(os.path.normpath(self.out) + ".inputs")
            self.remove = weakref.finalize(self, lambda: None)

    def __enter__(self) -> "Inputs":
        return self

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        if kind is None:
            return
        for path in self._written:
            path.unlink()
        if self._is_new:
            self._folder.rmdir()
        self.remove()

    def rows(self, name: str, given: Rows) -> List[str]:
        """Returns paths of rows; a mapping has the rows of each task, or these and a weight."""
        if isinstance(given, Mapping):
            return [argument for task, rows in given.items() for argument in self._task(name, task, rows, self.rows)]
        paths = _paths(given)
        return self._rows(name, given) if paths is None else paths

    def vectors(self, name: str, given: Vectors) -> List[str]:
        """Returns paths of vectors; a mapping has the vectors of each task, or these and a weight."""
        if isinstance(given, Mapping):
            return [argument for task, rows in given.items() for argument in self._task(name, task, rows, self.vectors)]
        paths = _paths(given)
        if paths is not None:
            return paths
        try:
            import numpy
        except ImportError:
            raise TsdsError(f"{name} is neither a path nor, without numpy, an array that can be written.") from None
        path = self._path(name + ".npy")
        with open(path, "xb") as file:
            numpy.save(file, numpy.ascontiguousarray(given), allow_pickle=False)
        return [str(path)]

    def _task(self, name: str, task: str, given: Any, write: Any) -> List[str]:
        weight = ""
        if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], (int, float)):
            given, weight = given[0], f":{given[1]}"
        return [f"{task}={path}{weight}" for path in write(f"{name}-{task}", given)]

    def _rows(self, name: str, given: Rows) -> List[str]:
        path = self._path(name + ".jsonl")
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            for number, row in enumerate(_dicts(given)):
                if not isinstance(row, Mapping):
                    raise TsdsError(f"expected rows as dicts in {name}, found {type(row).__name__} in row {number}.")
                try:
                    file.write(json.dumps(dict(row), ensure_ascii=False, allow_nan=False) + "\n")
                except (TypeError, ValueError) as error:
                    raise TsdsError(f"expected values that JSON has in {name}, found in row {number}: {error}") from None
        return [str(path)]

    def _path(self, name: str) -> Path:
        if not self._folder.exists():
            self._folder.mkdir(parents=True)
            self._is_new = True
        path = self._folder / name
        if path.exists():
            if not self._force:
                raise TsdsError(f"{path} exists, from an earlier selection; use force=True, or another out.")
            path.unlink()
        self._written.append(path)
        return path


def _paths(given: Any) -> Optional[List[str]]:
    if isinstance(given, (str, os.PathLike)):
        return [os.fspath(given)]
    if isinstance(given, (list, tuple)) and given and all(isinstance(item, (str, os.PathLike)) for item in given):
        return [os.fspath(item) for item in given]
    return None


def _dicts(given: Any) -> Iterator[Dict[str, Any]]:
    # pyarrow's tables come in batches; a DataFrame iterates over its columns, a Dataset over its rows.
    if hasattr(given, "to_batches"):
        return (row for batch in given.to_batches() for row in batch.to_pylist())
    if hasattr(given, "to_dict") and hasattr(given, "itertuples"):
        return iter(given.to_dict("records"))
    try:
        return iter(given)
    except TypeError:
        raise TsdsError(f"expected paths or rows, found {type(given).__name__}.") from None
