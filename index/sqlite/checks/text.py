"""Does the text index hold exactly the tokens of the stored articles?

Both full-text tables are built once more in SQLite's temporary file from the stored documents and compared
token by token (`fts5vocab`, type `instance`: term, row, column, place), with the sizes that ranking uses.
Memory stays flat: both sides are read in the same order. Disk: as much again as the text index takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress

from index.sqlite.documents import DocumentError, unpack
from index.sqlite.text import add, tokens
from index.tally import Tally

_TABLES = ("text", "exact")
_COLUMNS = "CASE col WHEN 'title' THEN 0 WHEN 'author' THEN 1 ELSE 2 END"
_PLACES = ("title", "author", "body")

Place = tuple[str, int, int, int]
"""Term, row number, column number, place in the column (0 in `exact`, which keeps none)."""


def text_faults(connection: sqlite3.Connection, tally: Tally) -> Iterator[str]:
    """Articles whose tokens are missing from the text index or are not their own, one line each and table."""
    try:
        for table in _TABLES:
            _make_twin(connection, table)
        _fill_twins(connection, tally)
        for table in _TABLES:
            yield from _token_faults(connection, table, tally)
            yield from _size_faults(connection, table)
    finally:
        for table in _TABLES:
            for name in (f"{table}_here", f"{table}_twin", table):
                connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _make_twin(connection: sqlite3.Connection, table: str) -> None:
    """An empty table of the same definition in the temporary file, and the vocabularies of both."""
    (sql,) = connection.execute("SELECT sql FROM main.sqlite_schema WHERE name = ?", (table,)).fetchone()
    connection.execute(sql.replace(f"TABLE {table}", f"TABLE temp.{table}", 1))
    connection.execute(f"CREATE VIRTUAL TABLE temp.{table}_here USING fts5vocab(main, {table}, instance)")
    connection.execute(f"CREATE VIRTUAL TABLE temp.{table}_twin USING fts5vocab(temp, {table}, instance)")


def _fill_twins(connection: sqlite3.Connection, tally: Tally) -> None:
    rows = connection.execute("SELECT n, z FROM body WHERE n IN (SELECT n FROM article) ORDER BY n")
    for n, packed in tally.each("texts", rows):
        with suppress(DocumentError):  # a fault of the document, told by the check of documents
            add(connection, [(n, tokens(unpack(packed)))], schema="temp")


def _token_faults(connection: sqlite3.Connection, table: str, tally: Tally) -> Iterator[str]:
    here = tally.each(f"{table}_tokens", _places(connection, f"{table}_here"))
    told = set()
    for (term, n, column, _), surplus in _differences(here, _places(connection, f"{table}_twin")):
        if n not in told:
            told.add(n)
            said = "has a word that is not in its" if surplus else "lacks a word of its"
            yield f"{_name(connection, n)}: the text index ({table}) {said} {_PLACES[column]}: {term!r}"


def _size_faults(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    here, twin = (f"SELECT id, sz FROM {schema}.{table}_docsize" for schema in ("main", "temp"))  # noqa: S608 - fixed names
    wrong = f"SELECT id FROM ({here} EXCEPT {twin}) UNION SELECT id FROM ({twin} EXCEPT {here})"  # noqa: S608 - fixed names
    for (n,) in connection.execute(wrong).fetchall():
        yield f"{_name(connection, n)}: the text index ({table}) counts its words wrongly"
    totals = [
        connection.execute(f"SELECT block FROM {schema}.{table}_data WHERE id = 1").fetchone()  # noqa: S608 - fixed names
        for schema in ("main", "temp")
    ]
    if totals[0] != totals[1]:
        yield f"the text index ({table}) counts the words of all articles wrongly"


def _places(connection: sqlite3.Connection, vocabulary: str) -> Iterator[Place]:
    return connection.execute(f'SELECT term, doc, {_COLUMNS}, coalesce("offset", 0) FROM temp.{vocabulary}')  # noqa: S608 - fixed names


def _differences(here: Iterator[Place], twin: Iterator[Place]) -> Iterator[tuple[Place, bool]]:
    """What is in only one of two sorted streams; True: in the first."""
    one, other = next(here, None), next(twin, None)
    while one is not None or other is not None:
        if one == other:
            one, other = next(here, None), next(twin, None)
        elif other is None or (one is not None and one < other):
            assert one is not None  # noqa: S101 - for the type checker: one of the two is there
            yield one, True
            one = next(here, None)
        else:
            yield other, False
            other = next(twin, None)


def _name(connection: sqlite3.Connection, n: int) -> str:
    row = connection.execute("SELECT id FROM article WHERE n = ?", (n,)).fetchone()
    return f"article {row[0]}" if row else f"row {n}, no article's"
