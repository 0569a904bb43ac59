"""Who republishes whom: counted by the server from the keywords of articles, none of which is read whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.backend import Republished

if TYPE_CHECKING:
    from index.elastic.engine import Engine

PAGE = 5_000  # groups of one answer; the server's search.max_buckets is 65,536
STORIES_AT_ONCE = 10_000  # terms of one query; the server's own bound is 65,536

Clause = dict[str, Any]
House = tuple[str, str]  # name and domain

_CANONICAL: Clause = {"term": {"role": "canonical"}}


def republished(engine: Engine, since: datetime, until: datetime | None = None) -> list[Republished]:
    """Outlets and the houses whose texts they published at or after `since`, before `until`; see `Backend.republished`.

    The counts are those of the moment at which each page is read: stories that are relabelled meanwhile may
    be counted as they were or as they are.
    """
    engine.refresh("articles")
    bounds = {"gte": since, **({"lt": until} if until else {})}
    period: Clause = {
        "range": {"published_at": {bound: at.isoformat(timespec="seconds") for bound, at in bounds.items()}}
    }
    counts = Counter[tuple[str, House]]()
    own = ("site", "domain", "source.name", "source.domain")
    for (site, domain, name, house), count in _grouped(engine, [period], own):
        if house != domain:
            counts[site, (name, house)] += count
    copies = _grouped(engine, [period, {"term": {"role": "copy"}}], ("story_id", *own))
    unmarked = ((each, count) for each, count in copies if each[2] == each[4])
    while chunk := list(islice(unmarked, STORIES_AT_ONCE)):
        sources = _sources(engine, {story for (story, *_), _ in chunk})
        for (story, site, domain, *_), count in chunk:
            if story in sources and sources[story][1] != domain:
                counts[site, sources[story]] += count
    found = [Republished(site, *house, count) for (site, house), count in counts.items()]
    return sorted(found, key=lambda each: (-each.copies, each.outlet, each.source, each.domain))


def _sources(engine: Engine, stories: Iterable[str]) -> dict[str, House]:
    """Whose text each of these stories is, by its canonical article."""
    among: Clause = {"terms": {"story_id": sorted(stories)}}
    groups = _grouped(engine, [among, _CANONICAL], ("story_id", "source.name", "source.domain"))
    return {story: (name, house) for (story, name, house), _ in groups}


def _grouped(
    engine: Engine, filters: Sequence[Clause], fields: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """How many articles have each combination of these keywords, in pages that follow each other."""
    sources = [{field: {"terms": {"field": field}}} for field in fields]
    after: Clause = {}
    while True:
        body = engine.cluster.ask(
            engine.cluster.es.search,
            index=engine.names.articles,
            size=0,
            track_total_hits=False,
            allow_partial_search_results=False,
            query={"bool": {"filter": list(filters)}},
            aggs={"groups": {"composite": {"size": PAGE, "sources": sources, **after}}},
        )
        groups = body["aggregations"]["groups"]
        for bucket in groups["buckets"]:
            yield tuple(bucket["key"][field] for field in fields), bucket["doc_count"]
        if len(groups["buckets"]) < PAGE:
            return
        after = {"after": groups["after_key"]}
