"""Bounded look-ups by key for the crawler, and the counts of `stats`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from index.backend import Known
from index.sqlite.transaction import file_of, reading

_KNOWN = "article.id, article.url, article.site, article.first_seen, article.fetched, article.published"
_STATS = """SELECT
    (SELECT count(*) FROM article), (SELECT count(*) FROM facet WHERE canonical = 1),
    (SELECT count(*) FROM facet WHERE canonical = 0), (SELECT count(*) FROM revision),
    (SELECT count(DISTINCT site) FROM facet), (SELECT count(*) FROM article WHERE pending = 1)
"""


def known(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Known]:
    """The stored article behind each identity hash; see `Backend.known`."""
    with reading(connection):
        rows = connection.execute(
            f"""SELECT link.id, {_KNOWN} FROM link JOIN article USING (n)
                WHERE link.id IN (SELECT value FROM json_each(?))""",  # noqa: S608 - fixed columns
            (json.dumps(list(ids)),),
        )
        return {row[0]: _known(row[1:]) for row in rows}


def young(connection: sqlite3.Connection, site: str, since: datetime) -> list[Known]:
    """Articles of a site first seen at or after `since`, oldest fetch first."""
    with reading(connection):
        rows = connection.execute(
            f"SELECT {_KNOWN} FROM article WHERE site = ? AND first_seen >= ? ORDER BY fetched, id",  # noqa: S608 - fixed columns
            (site, since.timestamp()),
        )
        return [_known(row) for row in rows]


def fetched(connection: sqlite3.Connection, since: datetime | None, after: str, limit: int) -> list[str]:
    """Ids of articles fetched at or after a moment; see `Backend.fetched`."""
    earliest = since.timestamp() if since is not None else float("-inf")
    with reading(connection):
        rows = connection.execute(
            "SELECT id FROM article WHERE id > ? AND fetched >= ? ORDER BY id LIMIT ?",
            (after, earliest, limit),
        )
        return [id for (id,) in rows]


def stats(connection: sqlite3.Connection) -> dict[str, int]:
    """Counts of what is stored; `bytes` is the file with its write-ahead log."""
    with reading(connection):
        counts = connection.execute(_STATS).fetchone()
    named = zip(("articles", "stories", "copies", "revisions", "sites", "pending"), counts, strict=True)
    path = file_of(connection)
    files = [Path(path), Path(path + "-wal")]
    return {**dict(named), "bytes": sum(file.stat().st_size for file in files if file.exists())}


def _known(row: tuple[str, str, str, float, float, float]) -> Known:
    id, url, site, first_seen, fetched, published = row
    return Known(id, url, site, _moment(first_seen), _moment(fetched), _moment(published))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
