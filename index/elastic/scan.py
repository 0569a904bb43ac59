"""Reading many documents: pages of a search that sees one state of the index from beginning to end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from index.backend import BackendError

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.elastic.schema import Kind

PAGE = 1000  # hits of one request
KEEP = "5m"  # how long the server keeps the state between two pages

Hit = dict[str, Any]


def scan(
    engine: Engine,
    kind: Kind,
    *,
    query: dict[str, Any] | None = None,
    sort: list[Any] | None = None,
    fields: list[str] | bool = True,
    page: int = PAGE,
) -> Iterator[Hit]:
    """Every hit of a query, in an order, from one point in time; `fields` limits what of `_source` comes."""
    with _point_in_time(engine, kind) as opened:
        point = opened
        after: list[Any] | None = None
        while True:
            body = engine.cluster.ask(
                engine.cluster.es.search,
                pit={"id": point, "keep_alive": KEEP},
                query=query or {"match_all": {}},
                sort=sort or ["_shard_doc"],
                source=fields,
                size=page,
                track_total_hits=False,
                allow_partial_search_results=False,
                **({"search_after": after} if after else {}),
            )
            point = body["pit_id"]
            hits = body["hits"]["hits"]
            yield from hits
            if len(hits) < page:
                return
            after = hits[-1]["sort"]


@contextmanager
def _point_in_time(engine: Engine, kind: Kind) -> Iterator[str]:
    engine.refresh(kind)
    es = engine.cluster.es
    opened = engine.cluster.ask(es.open_point_in_time, index=engine.names.alias(kind), keep_alive=KEEP)
    try:
        yield opened["id"]
    finally:
        with suppress(BackendError):  # it ends by itself soon; a failure here would hide the one that counts
            engine.cluster.ask(es.close_point_in_time, id=opened["id"])
