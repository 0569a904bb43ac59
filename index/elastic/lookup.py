"""Bounded look-ups by key for the crawler, and the counts of `stats`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from index.article import Article
from index.backend import IndexUnreachable, Known
from index.elastic.scan import scan

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.elastic.schema import Kind

KEYS_AT_ONCE = 10_000  # terms of one query; the server's own bound is 65,536
_KNOWN = ["id", "url", "site", "first_seen_at", "fetched_at", "published_at", "link_ids"]


def known(engine: Engine, ids: Iterable[str]) -> dict[str, Known]:
    """The stored article behind each identity hash; see `Backend.known`."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        found |= _known_chunk(engine, wanted[start : start + KEYS_AT_ONCE])
    return found


def _known_chunk(engine: Engine, ids: list[str]) -> dict[str, Known]:
    """An identity hash leads to the article that has it as its own id, else to the first that named it."""
    query = {"bool": {"should": [{"terms": {"link_ids": ids}}, {"terms": {"id": ids}}]}}
    own: dict[str, Known] = {}
    named: dict[str, Known] = {}
    for hit in _hits(engine, query, ["linking.stored", "id"]):
        source = hit["_source"]
        article = _known(source)
        own[article.id] = article
        for id in source["link_ids"]:
            named.setdefault(id, article)
    return {id: own.get(id) or named[id] for id in ids if id in own or id in named}


def young(engine: Engine, site: str, since: datetime) -> list[Known]:
    """Articles of a site first seen at or after `since`, oldest fetch first."""
    query = {
        "bool": {
            "filter": [
                {"term": {"site": site}},
                {
                    "range": {
                        "first_seen_at": {"gte": int(since.timestamp() * 1000), "format": "epoch_millis"}
                    }
                },
            ]
        }
    }
    found = [_known(hit["_source"]) for hit in _hits(engine, query, ["fetched_at", "id"])]
    # The index counts milliseconds, articles microseconds.
    return sorted(
        (each for each in found if each.first_seen_at >= since), key=lambda each: (each.fetched_at, each.id)
    )


def fetched(engine: Engine, since: datetime | None, after: str, limit: int) -> list[str]:
    """Ids of articles fetched at or after a moment; see `Backend.fetched`."""
    engine.refresh_all("articles")
    behind: list[dict[str, Any]] = [{"range": {"id": {"gt": after}}}] if after else []
    if since is not None:
        moment = int(since.timestamp() * 1000)
        behind.append({"range": {"fetched_at": {"gte": moment, "format": "epoch_millis"}}})
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=engine.names.articles,
        query={"bool": {"filter": behind}},
        sort=["id"],
        source=False,
        size=limit,
        track_total_hits=False,
        allow_partial_search_results=False,
    )
    return [hit["_id"] for hit in body["hits"]["hits"]]


def revisions(engine: Engine, id: str) -> list[Article]:
    """Earlier texts of an article, oldest first, without story labels."""
    from index.elastic.documents import read

    held = read(engine.cluster, engine.names.articles, [id], ["revision"])
    if id not in held:
        return []
    before = {
        "bool": {
            "filter": [{"term": {"id": id}}, {"range": {"revision": {"lt": held[id].source["revision"]}}}]
        }
    }
    hits = scan(engine, "revisions", query=before, sort=["revision"])
    return [Article.model_validate_json(hit["_source"]["document"]) for hit in hits]


def stats(engine: Engine) -> dict[str, int]:
    """Counts of what is stored; `bytes` is what the shards take on the cluster's disks, replicas included."""
    engine.refresh("articles")
    sites = {"sites": {"cardinality": {"field": "site", "precision_threshold": 40_000}}}
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=engine.names.articles,
        size=0,
        track_total_hits=True,
        allow_partial_search_results=False,
        aggs={**sites, "roles": {"terms": {"field": "role"}}},
    )
    roles = {bucket["key"]: bucket["doc_count"] for bucket in body["aggregations"]["roles"]["buckets"]}
    return {
        "articles": body["hits"]["total"]["value"],
        "stories": roles.get("canonical", 0),
        "copies": roles.get("copy", 0),
        "revisions": count(engine, "revisions"),
        "sites": body["aggregations"]["sites"]["value"],
        "pending": count(engine, "pending"),
        "bytes": _bytes(engine),
    }


def count(engine: Engine, kind: Kind) -> int:
    """How many documents a kind holds."""
    engine.refresh(kind)
    body = engine.cluster.ask(engine.cluster.es.count, index=engine.names.alias(kind))
    if body["_shards"]["failed"]:
        raise IndexUnreachable("a part of the index does not answer")
    return int(body["count"])


def _bytes(engine: Engine) -> int:
    indices = ",".join(
        engine.names.alias(kind) for kind in ("articles", "revisions", "edges", "pending", "state", "runs")
    )
    body = engine.cluster.ask(engine.cluster.es.indices.stats, index=indices, metric="store")
    return int(body["_all"]["total"]["store"]["size_in_bytes"])


def _hits(engine: Engine, query: dict[str, Any], sort: list[str]) -> list[dict[str, Any]]:
    """All hits of a look-up by key; one page nearly always, a scan where that does not hold them."""
    engine.refresh("articles")
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=engine.names.articles,
        query=query,
        sort=sort,
        source=_KNOWN,
        size=KEYS_AT_ONCE,
        track_total_hits=False,
        allow_partial_search_results=False,
    )
    hits = body["hits"]["hits"]
    if len(hits) == KEYS_AT_ONCE:
        hits = list(scan(engine, "articles", query=query, sort=sort, fields=_KNOWN))
    return list(hits)


def _known(source: Mapping[str, Any]) -> Known:
    moments = (
        datetime.fromisoformat(source[name]) for name in ("first_seen_at", "fetched_at", "published_at")
    )
    return Known(source["id"], source["url"], source["site"], *moments)
