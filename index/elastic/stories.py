"""Candidates, judged pairs, and the story labels that follow from them, without transactions.

Labels depend on the stored articles and the accepted pairs alone. Who has stored a pair reads the whole
component afresh, writes what is wrong, each document only if nobody has written it since, and reads again,
until nothing is wrong. So the last one to change anything in a component leaves it right, whatever the
others did meanwhile. Pairs are never deleted, a withdrawn one says so: the way from an article to those it
once shared a story with stays open.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from index.backend import Edge, IndexUnreachable, Probe
from index.elastic.bulk import Action, require_taken, send
from index.elastic.client import cause
from index.elastic.documents import FACTS, Held, article_of, label_of, member_of, read
from index.elastic.scan import scan
from index.stories.rank import Label, label

if TYPE_CHECKING:
    from index.article import Article
    from index.elastic.engine import Engine

DAY = 86_400_000  # milliseconds
SEARCHES_AT_ONCE = 100  # of one msearch
ABANDONED = 600_000  # milliseconds; a text is written within seconds of its mark
ROUNDS = 30  # of reading and writing labels, before a component that others keep changing is put off
EDGES_AT_ONCE = 10_000
# Of one text, the smallest: every node takes 1,024 clauses (`SearchUtils.calculateMaxClauseValue` of Elasticsearch;
# one with more memory for each of its search threads takes more). A fingerprint has fewer, but for an endless lead.
VALUES_LOOKED_UP = 1_000
ENDS_AT_ONCE = 5_000  # ids of one look-up of edges


def candidates(
    engine: Engine, probes: Sequence[Probe], *, share: int, days: int, limit: int
) -> list[list[str]]:
    """Ids of other articles that share fingerprint values; see `Backend.candidates`."""
    engine.refresh_all("articles")
    asked = [(at, probe) for at, probe in enumerate(probes) if len(set(probe.values)) >= share]
    found: list[list[str]] = [[] for _ in probes]
    bodies = [_sharing(probe, share, days, limit) for _, probe in asked]
    for (at, probe), hits in zip(asked, _searches(engine, bodies), strict=True):
        found[at] = [hit["_id"] for hit in hits if hit["_id"] != probe.id][:limit]
    return found


def _sharing(probe: Probe, share: int, days: int, limit: int) -> dict[str, Any]:
    """Each shared value scores one (`similarity: boolean`), so the score counts them."""
    moment = int(probe.published_at.timestamp() * 1000)
    window = {"gte": moment - days * DAY, "lte": moment + days * DAY, "format": "epoch_millis"}
    values = sorted(set(probe.values))[:VALUES_LOOKED_UP]
    shared = {"terms_set": {"fingerprint": {"terms": values, "minimum_should_match": share}}}
    return {
        "query": {"bool": {"must": [shared], "filter": [{"range": {"published_at": window}}]}},
        "sort": ["_score", "id"],
        "size": limit + 1,  # the asking article finds itself
        "_source": False,
        "track_total_hits": False,
    }


def holders(engine: Engine, values: Iterable[str], *, at_least: int, limit: int) -> dict[str, list[str]]:
    """Values that so many articles hold, with their holders: counted in one search, then only those read."""
    wanted = sorted(set(values))
    if not wanted:
        return {}
    engine.refresh_all("articles")
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=engine.names.articles,
        size=0,
        track_total_hits=False,
        allow_partial_search_results=False,
        query={"terms": {"fingerprint": wanted}},
        aggs={
            "held": {
                "terms": {
                    "field": "fingerprint",
                    "include": wanted,
                    "size": len(wanted),
                    # Counts only what the query found; ordinals of the whole index are not built.
                    "execution_hint": "map",
                }
            }
        },
    )
    held = [each["key"] for each in body["aggregations"]["held"]["buckets"] if each["doc_count"] >= at_least]
    searches = [
        {"query": {"term": {"fingerprint": value}}, "sort": ["id"], "size": limit, "_source": False}
        for value in held
    ]
    found = zip(held, _searches(engine, searches), strict=True)
    return {value: [hit["_id"] for hit in hits] for value, hits in found}


def _searches(engine: Engine, bodies: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Hits of many searches of all articles, in order."""
    for start in range(0, len(bodies), SEARCHES_AT_ONCE):
        chunk = bodies[start : start + SEARCHES_AT_ONCE]
        lines = [line for body in chunk for line in ({"allow_partial_search_results": False}, body)]
        answer = engine.cluster.ask(engine.cluster.es.msearch, index=engine.names.articles, searches=lines)
        for each in answer["responses"]:
            if "error" in each:
                raise IndexUnreachable(
                    f"copies could not be looked up, later runs try again: {cause(each)[1]}"
                )
            yield each["hits"]["hits"]


def edges(engine: Engine, ids: Iterable[str]) -> list[Edge]:
    """Edges that touch one of these articles and were judged on what is stored, by their ends."""
    touching = _touching(engine, ids)
    facts = _facts(engine, {end for pair in touching for end in pair})
    return [touching[pair] for pair in sorted(touching) if _valid(touching[pair], facts)]


def link(engine: Engine, linked: Iterable[tuple[str, str]], judged: Sequence[Edge]) -> set[str]:
    """Store edges, relabel what they touch, take the marks off `linked`; see `Backend.link`."""
    for edge in judged:
        if edge.a >= edge.b:
            raise ValueError(f"edge {edge.a}, {edge.b}: the smaller id comes first")
    settled = dict(linked)
    stored = _store_edges(engine, judged)
    relabelled = relabel(engine, {end for edge in stored for end in (edge.a, edge.b)} | settled.keys())
    _settle(engine, settled)
    return relabelled


def story(engine: Engine, story_id: str) -> list[Article]:
    """Members of the story that the article with this id is in, canonical first."""
    own = read(engine.cluster, engine.names.articles, [story_id], ["story_id"])
    if story_id not in own:
        return []
    members = {"term": {"story_id": own[story_id].source["story_id"]}}
    found = [article_of(hit["_source"]) for hit in scan(engine, "articles", query=members)]
    return sorted(found, key=lambda each: (each.role != "canonical", each.published_at, each.id))


def relabel(engine: Engine, touched: Iterable[str]) -> set[str]:
    """Make the labels of every story that these articles are or were in follow from the edges.

    Returns the ids whose labels changed. Raises IndexUnreachable when they cannot be written, or others keep
    changing the component; whoever links the articles later begins anew.
    """
    start, changed = set(touched), set[str]()
    if start:
        engine.refresh_all("edges")
    for _ in range(ROUNDS if start else 0):
        wrong = _wrong_labels(engine, start)
        if not wrong:
            return changed
        engine.written("articles")
        actions = [
            Action("update", engine.names.articles, right.id, _fields(right), held.version)
            for right, held in wrong
        ]
        results = send(engine.cluster, actions, engine.settings)
        require_taken(results)
        changed |= {
            right.id for (right, _), result in zip(wrong, results, strict=True) if result.kind == "done"
        }
    if start:
        raise IndexUnreachable(
            "other processes keep changing the same stories: a later run links these articles"
        )
    return changed


def _wrong_labels(engine: Engine, start: set[str]) -> list[tuple[Label, Held]]:
    """Labels due in the components of these articles where the stored ones differ. Pairs are read first."""
    component = _component(engine, start)
    # An article that was never in a pair has the labels it was stored with: a story of its own.
    facts = _facts(engine, {end for pair in component for end in pair})
    pairs = [pair for pair, edge in component.items() if edge.ok and _valid(edge, facts)]
    due = label([member_of(held.source) for held in facts.values()], pairs)
    return [(right, facts[right.id]) for right in due if label_of(facts[right.id].source) != right]


def _fields(right: Label) -> dict[str, Any]:
    return {
        "story_id": right.story_id,
        "role": right.role,
        "copies": right.copies,
        "outlets": list(right.outlets),
        "first_copy_at": _iso(right.first_copy_at),
        "last_copy_at": _iso(right.last_copy_at),
    }


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _component(engine: Engine, frontier: set[str]) -> dict[tuple[str, str], Edge]:
    """All edges, withdrawn and outdated ones too, that are connected with these articles."""
    found: dict[tuple[str, str], Edge] = {}
    seen: set[str] = set()
    while frontier:
        found |= _touching(engine, frontier)
        seen |= frontier
        frontier = {end for pair in found for end in pair} - seen
    return found


def _touching(engine: Engine, ids: Iterable[str]) -> dict[tuple[str, str], Edge]:
    """Every edge with one of these ends."""
    engine.refresh("edges")
    wanted, found = sorted(ids), dict[tuple[str, str], Edge]()
    for start in range(0, len(wanted), ENDS_AT_ONCE):
        chunk = wanted[start : start + ENDS_AT_ONCE]
        query = {"bool": {"should": [{"terms": {"a": chunk}}, {"terms": {"b": chunk}}]}}
        for hit in _edge_hits(engine, query):
            edge = Edge(**hit["_source"])
            found[edge.a, edge.b] = edge
    return found


def _edge_hits(engine: Engine, query: dict[str, Any]) -> list[dict[str, Any]]:
    body = engine.cluster.ask(
        engine.cluster.es.search,
        index=engine.names.alias("edges"),
        query=query,
        size=EDGES_AT_ONCE,
        track_total_hits=False,
        allow_partial_search_results=False,
    )
    hits: list[dict[str, Any]] = body["hits"]["hits"]
    return hits if len(hits) < EDGES_AT_ONCE else list(scan(engine, "edges", query=query))


def _facts(engine: Engine, ids: Iterable[str]) -> dict[str, Held]:
    return read(engine.cluster, engine.names.articles, ids, FACTS)


def _valid(edge: Edge, facts: dict[str, Held]) -> bool:
    """Whether an edge was judged on what is stored."""
    ends = ((edge.a, edge.hash_a), (edge.b, edge.hash_b))
    return all(id in facts and facts[id].judged == judged for id, judged in ends)


def _store_edges(engine: Engine, judged: Sequence[Edge]) -> list[Edge]:
    """Store edges whose articles are as they were judged; those that were stored.

    The old edge is read before the articles: an edge written meanwhile by someone who knew newer texts makes
    the write fail, and the second look at the articles drops ours.
    """
    open_edges = {f"{edge.a}|{edge.b}": edge for edge in judged}
    stored: list[Edge] = []
    for _ in range(ROUNDS):
        if not open_edges:
            return stored
        before = read(engine.cluster, engine.names.alias("edges"), open_edges)
        facts = _facts(engine, {end for edge in open_edges.values() for end in (edge.a, edge.b)})
        open_edges = {key: edge for key, edge in open_edges.items() if _valid(edge, facts)}
        actions = [_edge_action(engine, key, edge, before.get(key)) for key, edge in open_edges.items()]
        engine.written("edges")
        results = send(engine.cluster, actions, engine.settings)
        require_taken(results)
        outcome = dict(zip(open_edges, results, strict=True))
        stored += [edge for key, edge in open_edges.items() if outcome[key].kind == "done"]
        open_edges = {key: edge for key, edge in open_edges.items() if outcome[key].kind == "conflict"}
    raise IndexUnreachable("other processes keep judging the same pairs: a later run links these articles")


def _edge_action(engine: Engine, key: str, edge: Edge, before: Held | None) -> Action:
    op, version = ("index", before.version) if before else ("create", None)
    return Action(op, engine.names.alias("edges"), key, asdict(edge), version)  # type: ignore[arg-type]  # one of the two


def _settle(engine: Engine, settled: dict[str, str]) -> None:
    """Take off the marks of articles that are stored as they were judged; a mark set anew meanwhile stays.

    A mark of other facts is of a text that is about to be written. Where that never came, its writer has
    died or was overtaken: after a while the mark counts for what is stored.
    """
    alias, long_ago = engine.names.alias("pending"), time.time_ns() // 1_000_000 - ABANDONED
    own = {id: engine.marks.pop(id) for id in settled if id in engine.marks}
    due = {id: version for id, (judged, version) in own.items() if judged == settled[id]}
    for id, held in read(engine.cluster, alias, settled.keys() - due.keys()).items():
        if held.source["judged"] == settled[id] or held.source["marked"] < long_ago:
            due[id] = held.version
    actions = [Action("delete", alias, id, version=version) for id, version in due.items()]
    engine.written("pending")
    require_taken(send(engine.cluster, actions, engine.settings))
