"""Run records: one row a run, the newest a look-up away."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from index.runs import RUNS_KEPT, RunDocument
from index.sqlite.transaction import reading, writing


def put_run(connection: sqlite3.Connection, run: RunDocument) -> None:
    """Store a run, and delete those that are too old to be kept."""
    started = run.started_at.timestamp()
    with writing(connection):
        connection.execute(
            "INSERT OR REPLACE INTO run(id, site, started, document) VALUES (?, ?, ?, ?)",
            (run.id, run.site, started, run.model_dump_json()),
        )
        connection.execute("DELETE FROM run WHERE started < ?", (started - RUNS_KEPT.total_seconds(),))


def runs(
    connection: sqlite3.Connection, *, since: datetime | None, site: str | None, limit: int
) -> list[RunDocument]:
    """Runs, the newest start first; see `Backend.runs`."""
    earliest = since.timestamp() if since is not None else float("-inf")
    wanted = "site = :site AND " if site is not None else ""
    with reading(connection):
        rows = connection.execute(
            f"SELECT document FROM run WHERE {wanted}started >= :earliest "  # noqa: S608 - fixed words
            "ORDER BY started DESC, id DESC LIMIT :limit",
            {"site": site, "earliest": earliest, "limit": limit},
        )
        return [RunDocument.model_validate_json(text) for (text,) in rows]


def last_runs(connection: sqlite3.Connection) -> dict[str, RunDocument]:
    """Each site's newest run; see `Backend.last_runs`."""
    with reading(connection):
        rows = connection.execute(_LAST)
        found = [RunDocument.model_validate_json(text) for (text,) in rows]
    return {run.site: run for run in found}


# Steps from one site to the next in the index on (site, started): a look-up a site, however many runs it has.
_LAST = """
    WITH RECURSIVE sites(site) AS (
      SELECT min(site) FROM run
      UNION ALL
      SELECT (SELECT min(run.site) FROM run WHERE run.site > sites.site) FROM sites WHERE sites.site IS NOT NULL
    )
    SELECT (SELECT document FROM run WHERE run.site = sites.site ORDER BY started DESC, id DESC LIMIT 1)
    FROM sites WHERE sites.site IS NOT NULL
"""
