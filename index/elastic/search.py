"""Runs a query on Elasticsearch: the page of hits, the exact total and the facets, in one request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from index.elastic.compiled import compile_node, ranks
from index.elastic.documents import OWN, article_of
from index.search.highlight import terms
from index.search.hit import hit
from index.search.results import Bucket, Facets, Results

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from index.article import Article
    from index.search.query import Query

# Values that a facet can have: all of them together stay under the server's search.max_buckets, 65,536.
MOST_VALUES = 20_000
MOST_SECTIONS = 5_000
MOST_LANGUAGES = 1_000

_FACETS: dict[str, dict[str, Any]] = {
    "site": {"terms": {"field": "site", "size": MOST_VALUES}},
    "source": {"terms": {"field": "source.name", "size": MOST_VALUES}},
    "section": {"terms": {"field": "section", "size": MOST_SECTIONS}},
    "language": {"terms": {"field": "language", "size": MOST_LANGUAGES}},
    "role": {"terms": {"field": "role", "size": 2}},
    "day": {
        "date_histogram": {
            "field": "published_at",
            "calendar_interval": "day",
            "format": "yyyy-MM-dd",
            "min_doc_count": 1,
            "order": {"_key": "desc"},
        }
    },
}
_NONE: dict[str, Any] = {name: {"buckets": []} for name in _FACETS}
_BY_DATE = [{"published_at": {"order": "desc"}}, {"id": {"order": "asc"}}]
_NOT_SHOWN = [
    OWN,
    "link_ids",
    "fingerprint",
    "source.evidence",
]  # the long parts of a document that no hit has


def search(client: Elasticsearch, query: Query, *, news: str, all: str) -> Results:  # noqa: A002 - pair of `news`
    """The hits of a query in the index (alias) `news` of canonical articles, or in that of `all` of them.

    Raises the client's exceptions, also when only a part of the index could answer.
    """
    answer = client.search(
        index=all if query.copies else news,
        query=compile_node(query.root),
        sort=_order(query),
        size=query.limit,
        from_=query.offset,
        track_total_hits=True,
        aggregations=_FACETS if query.facets else None,
        source_excludes=_NOT_SHOWN,
        allow_partial_search_results=False,
        # Word frequencies of all shards, and one copy of them for every page: else pages of one query overlap.
        search_type="dfs_query_then_fetch",
        preference=blake2b(query.text.encode(), digest_size=8).hexdigest(),
    )
    wanted = terms(query.root)
    hits = [
        hit(article := article_of(found["_source"]), _score(query, article, found), wanted)
        for found in answer["hits"]["hits"]
    ]
    return Results(
        query.text, answer["hits"]["total"]["value"], hits, _facets(answer.get("aggregations", _NONE))
    )


def _order(query: Query) -> list[dict[str, Any]]:
    if query.sort == "copies":
        return [{"copies": {"order": "desc"}}, *_BY_DATE]
    scored = query.sort != "date" and ranks(query.root)
    return [{"_score": {"order": "desc"}}, *_BY_DATE] if scored else _BY_DATE


def _score(query: Query, article: Article, found: Mapping[str, Any]) -> float:
    return float(article.copies) if query.sort == "copies" else found["_score"] or 0.0


def _facets(found: Mapping[str, Any]) -> Facets:
    days = [Bucket(entry["key_as_string"], entry["doc_count"]) for entry in found["day"]["buckets"]]
    return Facets(**{name: _buckets(found[name]["buckets"]) for name in _FACETS if name != "day"}, day=days)


def _buckets(found: Iterable[Mapping[str, Any]]) -> list[Bucket]:
    """The most frequent first; '' is no value."""
    buckets = [Bucket(entry["key"], entry["doc_count"]) for entry in found if entry["key"]]
    return sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value))
