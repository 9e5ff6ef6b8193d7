"""Selects fine-tuning data: from a pool, the rows that a task's few examples ask for.

The work is done by the program ``tsds``, which comes with this package; nothing else is needed. numpy, pyarrow,
datasets and tqdm are used where they are installed.

>>> import tsds
>>> selection = tsds.select(pool="pool/", target="examples.jsonl", budget="5%")
>>> selection.rows[0]
"""

from ._jobs import (
    Comparison,
    Inspection,
    VectorStore,
    Verification,
    compare,
    embed,
    inspect,
    select,
    verify,
)
from ._program import TsdsError
from ._selection import Explorer, Export, Report, Selection
from ._version import version as __version__

__all__ = [
    "Comparison",
    "Explorer",
    "Export",
    "Inspection",
    "Report",
    "Selection",
    "TsdsError",
    "VectorStore",
    "Verification",
    "__version__",
    "compare",
    "embed",
    "inspect",
    "select",
    "verify",
]
