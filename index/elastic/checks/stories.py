"""Do the story labels follow from the judged pairs, and do the aliases show one article a story?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from index.article import LABELS
from index.backend import Edge
from index.elastic.documents import FACTS, OWN, label_of, member_of, read
from index.elastic.lifecycle import found_versions
from index.elastic.scan import scan
from index.elastic.schema import COPY_TIMES_SINCE
from index.stories.rank import label

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.elastic.scan import Hit
    from index.tally import Tally

STORIES_AT_ONCE = 300  # stories whose pairs are looked up together
ENDS_AT_ONCE = 5_000  # ids of one such look-up

Story = list["Hit"]


def alias_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """The alias for searches has to show exactly the canonical articles."""
    engine.refresh("articles")
    es, names = engine.cluster.es, engine.names
    shown = engine.cluster.ask(es.count, index=names.canonical)["count"]
    canonical = engine.cluster.ask(es.count, index=names.articles, query={"term": {"role": "canonical"}})[
        "count"
    ]
    if shown != canonical:
        yield f"alias {names.canonical} shows {shown} articles, {canonical} are canonical"


def edge_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Pairs of unknown articles, or out of order. One judged on earlier texts is kept and does not count."""
    for hits in _batches(tally.each("edges", scan(engine, "edges"))):
        edges = {hit["_id"]: _edge(hit) for hit in hits}
        yield from (
            f"edge {id}: fields are missing or are not known" for id, edge in edges.items() if not edge
        )
        sound = {id: edge for id, edge in edges.items() if edge}
        ends = {end for edge in sound.values() for end in (edge.a, edge.b)}
        stored = read(engine.cluster, engine.names.articles, ends, ["id"])
        for id, edge in sound.items():
            if edge.a >= edge.b or id != f"{edge.a}|{edge.b}":
                yield f"edge {id}: of {edge.a} and {edge.b}; the smaller id has to come first"
            absent = [end for end in (edge.a, edge.b) if end not in stored]
            yield from (f"edge {edge.a}, {edge.b}: article {end} is not stored" for end in absent)


def _edge(hit: Hit) -> Edge | None:
    try:
        return Edge(**hit["_source"])
    except TypeError:
        return None


def story_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Labels that differ from those made anew, and accepted pairs that lie in two stories.

    Where no pair leaves its story and each story by itself gets the labels it has, all labels are right. What
    cannot be read as an article is told of by `article_faults` and left out here.
    """
    hits = (hit for hit in scan(engine, "articles", sort=["story_id", "id"], fields=FACTS) if _readable(hit))
    stories = (list(group) for _, group in groupby(hits, key=lambda hit: hit["_source"]["story_id"]))
    names = _labels(engine)
    for batch in _batches(tally.each("stories", stories)):
        yield from _story_faults(engine, batch, names)


def _labels(engine: Engine) -> tuple[str, ...]:
    """The labels that the index has: one of an older version can be checked before it is upgraded."""
    has_times = found_versions(engine)["articles"] >= [COPY_TIMES_SINCE]
    return LABELS if has_times else tuple(name for name in LABELS if not name.endswith("_copy_at"))


def _readable(hit: Hit) -> bool:
    try:
        label_of(hit["_source"])
        return bool(member_of(hit["_source"]).id == hit["_id"])
    except (KeyError, TypeError, ValueError):
        return False


def _story_faults(engine: Engine, stories: list[Story], names: tuple[str, ...]) -> Iterator[str]:
    sources = {hit["_id"]: hit["_source"] for story in stories for hit in story}
    members = {id: source["story_id"] for id, source in sources.items()}
    accepted = _accepted(engine, sources)
    yield from _crossing(accepted, members)
    by_story: dict[str, list[tuple[str, str]]] = {}
    for edge in accepted:
        for end in (edge.a, edge.b):
            if end in members:
                by_story.setdefault(members[end], []).append((edge.a, edge.b))
    for story in stories:
        yield from _label_faults(story, by_story.get(story[0]["_source"]["story_id"], []), names)


def _accepted(engine: Engine, sources: dict[str, dict[str, Any]]) -> list[Edge]:
    """Accepted pairs of these articles that were judged on what is stored."""
    ids, found = sorted(sources), dict[str, Edge]()
    for start in range(0, len(ids), ENDS_AT_ONCE):
        chunk = ids[start : start + ENDS_AT_ONCE]
        either = [{"terms": {"a": chunk}}, {"terms": {"b": chunk}}]
        query = {"bool": {"filter": [{"term": {"ok": True}}], "should": either, "minimum_should_match": 1}}
        for hit in scan(engine, "edges", query=query):
            if edge := _edge(hit):
                found[hit["_id"]] = edge
    outside = {end for edge in found.values() for end in (edge.a, edge.b)} - sources.keys()
    others = read(engine.cluster, engine.names.articles, outside, [OWN])
    judged = {id: _judged(source) for id, source in sources.items()}
    judged |= {id: _judged(held.source) for id, held in others.items()}
    return [
        edge
        for edge in found.values()
        if (judged.get(edge.a), judged.get(edge.b)) == (edge.hash_a, edge.hash_b)
    ]


def _judged(source: dict[str, Any]) -> str | None:
    own = source.get(OWN)
    return own.get("judged") if isinstance(own, dict) else None


def _crossing(accepted: Iterable[Edge], members: dict[str, str]) -> Iterator[str]:
    for edge in accepted:
        if members.get(edge.a) != members.get(edge.b):
            yield f"article {edge.a}: accepted as a copy of article {edge.b}, which is in another story"


def _label_faults(story: Story, pairs: Iterable[tuple[str, str]], names: tuple[str, ...]) -> Iterator[str]:
    stored = {hit["_id"]: label_of(hit["_source"]) for hit in story}
    for right in label([member_of(hit["_source"]) for hit in story], pairs):
        held = stored[right.id]
        for name in names:
            if getattr(held, name) != getattr(right, name):
                yield (
                    f"article {right.id}: {name} is {getattr(held, name)!r}, "
                    f"by the judged pairs it is {getattr(right, name)!r}"
                )


def _batches(items: Iterable[Hit] | Iterable[Story]) -> Iterator[list]:  # type: ignore[type-arg]  # hits or stories
    batch: list[object] = []
    for item in items:
        batch.append(item)
        if len(batch) == STORIES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
