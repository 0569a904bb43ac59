"""The consistency check of the embedded index: one view of the file, every fault one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from index.backend import Check
from index.sqlite.checks.documents import document_faults, run_faults, state_faults, stray_faults
from index.sqlite.checks.stories import edge_faults, story_faults
from index.sqlite.checks.text import text_faults
from index.sqlite.transaction import reading
from index.tally import Progress, Tally

Part = Callable[[sqlite3.Connection, Tally], Iterator[str]]


def file_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """What SQLite itself finds wrong with pages, rows and indices."""
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"file: {' '.join(line.split())}"


PARTS: tuple[Part, ...] = (
    file_faults,
    document_faults,
    stray_faults,
    state_faults,
    run_faults,
    edge_faults,
    story_faults,
    text_faults,
)


def check(connection: sqlite3.Connection, progress: Progress | None = None) -> Check:
    """Prove that text index, documents, stories, edges and look-up tables agree; writers are not held up."""
    tally, faults = Tally(progress), list[str]()
    with reading(connection):
        for part in PARTS:
            faults += _faults(part, connection, tally)
    return Check(dict(tally.counts), faults)


def _faults(part: Part, connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """The faults of one part; where the file is too damaged to be read on, that is one more."""
    try:
        yield from part(connection, tally)
    except sqlite3.DatabaseError as error:
        yield f"{part.__name__.removesuffix('_faults')}: the file cannot be read further: {error}"
