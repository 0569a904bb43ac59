"""Run records: one document a run, by its id."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.article import explain_invalid
from index.elastic.bulk import Action, require_taken, send
from index.elastic.scan import scan
from index.runs import PRUNED_ONE_IN, RUNS_KEPT, RUNS_PROVING, RunDocument, stored_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from index.elastic.engine import Engine

SITES = 10_000  # of `last_runs`; the server's own bound of groups is 65,536
_NEWEST_FIRST: list[dict[str, str]] = [{"started_at": "desc"}, {"id": "desc"}]


def put_run(engine: Engine, run: RunDocument) -> None:
    """Store a run; now and then delete those that are too old to be kept."""
    engine.written("runs")
    action = Action("index", engine.names.alias("runs"), run.id, run.model_dump_json().encode())
    require_taken(send(engine.cluster, [action], engine.settings))
    if int(run.id, 16) % PRUNED_ONE_IN == 0:  # the id is a hash: one run in so many, whoever has it
        _prune(engine, run.started_at - RUNS_KEPT, run.started_at - RUNS_PROVING)


def _prune(engine: Engine, before: datetime, proving: datetime) -> None:
    """Delete runs of before a moment, if there is one between that and another moment."""
    proof = {"range": {"started_at": {"gte": before.isoformat(), "lte": proving.isoformat()}}}
    if not next(iter(scan(engine, "runs", query=proof, sort=_NEWEST_FIRST, page=1)), None):
        return
    engine.cluster.ask(
        engine.cluster.es.delete_by_query,
        index=engine.names.alias("runs"),
        query={"range": {"started_at": {"lt": before.isoformat()}}},
        conflicts="proceed",
    )


def runs(
    engine: Engine, unreadable: dict[str, str], *, since: datetime | None, site: str | None, limit: int
) -> list[RunDocument]:
    """Runs, the newest start first; see `Backend.runs`."""
    filters: list[dict[str, Any]] = []
    if since is not None:
        filters.append({"range": {"started_at": {"gte": since.isoformat()}}})
    if site is not None:
        filters.append({"term": {"site": site}})
    engine.refresh_all("runs")  # another process may have ended a moment ago
    hits = scan(engine, "runs", query={"bool": {"filter": filters}}, sort=_NEWEST_FIRST)
    return list(_readable(islice(hits, limit), unreadable))


def last_runs(engine: Engine, unreadable: dict[str, str]) -> dict[str, RunDocument]:
    """Each site's newest run; see `Backend.last_runs`."""
    engine.refresh_all("runs")
    newest = {"top_hits": {"size": 1, "sort": _NEWEST_FIRST}}
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=engine.names.alias("runs"),
        size=0,
        track_total_hits=False,
        allow_partial_search_results=False,
        aggs={"sites": {"terms": {"field": "site", "size": SITES}, "aggs": {"newest": newest}}},
    )
    buckets = body["aggregations"]["sites"]["buckets"]
    newest_hits = (bucket["newest"]["hits"]["hits"][0] for bucket in buckets)
    return {run.site: run for run in _readable(newest_hits, unreadable)}


def _readable(hits: Iterable[Mapping[str, Any]], unreadable: dict[str, str]) -> Iterator[RunDocument]:
    """The runs of hits; why one cannot be read is noted under its id."""
    for hit in hits:
        try:
            yield stored_run(hit["_source"])
        except ValidationError as error:
            unreadable[hit["_id"]] = explain_invalid(error)
