"""Run records: one row a run, the newest a look-up away."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime

from pydantic import ValidationError

from index.article import explain_invalid
from index.runs import RUNS_KEPT, RUNS_PROVING, RunDocument, stored_run
from index.sqlite.transaction import reading, writing


def put_run(connection: sqlite3.Connection, run: RunDocument) -> None:
    """Store a run, and delete those that are too old to be kept."""
    started = run.started_at.timestamp()
    before, proving = started - RUNS_KEPT.total_seconds(), started - RUNS_PROVING.total_seconds()
    with writing(connection):
        connection.execute(
            "INSERT OR REPLACE INTO run(id, site, started, document) VALUES (?, ?, ?, ?)",
            (run.id, run.site, started, run.model_dump_json()),
        )
        connection.execute(
            "DELETE FROM run WHERE started < :before "
            "AND EXISTS (SELECT 1 FROM run WHERE started BETWEEN :before AND :proving)",
            {"before": before, "proving": proving},
        )


def runs(
    connection: sqlite3.Connection,
    unreadable: dict[str, str],
    *,
    since: datetime | None,
    site: str | None,
    limit: int,
) -> list[RunDocument]:
    """Runs, the newest start first; see `Backend.runs`."""
    earliest = since.timestamp() if since is not None else float("-inf")
    wanted = "site = :site AND " if site is not None else ""
    with reading(connection):
        rows = connection.execute(
            f"SELECT id, document FROM run WHERE {wanted}started >= :earliest "  # noqa: S608 - fixed words
            "ORDER BY started DESC, id DESC LIMIT :limit",
            {"site": site, "earliest": earliest, "limit": limit},
        )
        return list(_readable(rows, unreadable))


def last_runs(connection: sqlite3.Connection, unreadable: dict[str, str]) -> dict[str, RunDocument]:
    """Each site's newest run; see `Backend.last_runs`."""
    with reading(connection):
        return {run.site: run for run in _readable(connection.execute(_LAST), unreadable)}


def _readable(rows: Iterable[tuple[str, str]], unreadable: dict[str, str]) -> Iterator[RunDocument]:
    """The runs of rows (id, document); why one cannot be read is noted under its id."""
    for id, text in rows:
        try:
            yield read_run(text)
        except ValidationError as error:
            unreadable[id] = explain_invalid(error)
        except ValueError as error:
            unreadable[id] = f"no JSON object: {error}"


def read_run(text: str) -> RunDocument:
    """The run of a stored document; raises ValidationError, or another ValueError for what is no JSON object."""
    try:
        return RunDocument.model_validate_json(text)
    except ValidationError:  # of another version, or damaged
        source = json.loads(text)
        if not isinstance(source, dict):
            raise ValueError(f"it is {text[:100]}") from None
        return stored_run(source)


# Steps from one site to the next in the index on (site, started): a look-up a site, however many runs it has.
_LAST = """
    WITH RECURSIVE sites(site) AS (
      SELECT min(site) FROM run
      UNION ALL
      SELECT (SELECT min(run.site) FROM run WHERE run.site > sites.site) FROM sites WHERE sites.site IS NOT NULL
    )
    SELECT id, document FROM sites JOIN run ON run.id =
      (SELECT id FROM run WHERE run.site = sites.site ORDER BY started DESC, id DESC LIMIT 1)
    WHERE sites.site IS NOT NULL
"""
