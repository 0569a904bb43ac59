"""Are the earlier texts of every revised article there, each what it says it is?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from pydantic import ValidationError

from index.article import Article, explain_invalid
from index.elastic.documents import read
from index.elastic.scan import scan

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.elastic.scan import Hit
    from index.tally import Tally

AT_ONCE = 500  # articles that are looked up together

Texts = list["Hit"]
_NAMED = {"exists": {"field": "id"}}
_REVISED = {"bool": {"filter": [_NAMED, {"range": {"revision": {"gt": 1}}}]}}


def revision_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Earlier texts that are missing, unreadable, or belong to no article.

    Articles and texts are read side by side in the order of ids: what is held is one article's at a time.
    """
    for hit in scan(engine, "revisions", query={"bool": {"must_not": [_NAMED]}}):
        yield f"revision {hit['_id']}: of no article"
    unrevised: list[str] = []
    for id, revision, texts in _by_article(engine, tally):
        yield from (fault for text in texts for fault in _text_faults(text))
        yield from _lacking(id, revision, texts)
        if revision == 1:
            unrevised.append(id)
        if len(unrevised) == AT_ONCE:
            yield from _strays(engine, unrevised)
            unrevised = []
    yield from _strays(engine, unrevised)


def _by_article(engine: Engine, tally: Tally) -> Iterator[tuple[str, int, Texts]]:
    """Id, revision of the stored article (1 also where there is none), and the texts kept of it."""
    kept = tally.each("revisions", scan(engine, "revisions", query=_NAMED, sort=["id", "revision"]))
    revised = scan(engine, "articles", query=_REVISED, sort=["id"], fields=["id", "revision"])
    both = merge(
        ((str(hit["_source"]["id"]), 1, hit) for hit in kept),
        ((str(hit["_source"]["id"]), int(hit["_source"]["revision"]), None) for hit in revised),
        key=itemgetter(0),
    )
    for id, group in groupby(both, key=itemgetter(0)):
        rows = list(group)
        yield id, max(number for _, number, _ in rows), [hit for _, _, hit in rows if hit]


def _lacking(id: str, revision: int, texts: Texts) -> Iterator[str]:
    lacking = set(range(1, revision)) - {hit["_source"].get("revision") for hit in texts}
    if lacking:
        yield f"article {id}: earlier texts {sorted(lacking)} are missing"


def _text_faults(hit: Hit) -> Iterator[str]:
    source = hit["_source"]
    id, number = source["id"], source.get("revision")
    if hit["_id"] != f"{id}:{number}":
        yield f"revision {hit['_id']}: says it is revision {number} of article {id}"
    try:
        article = Article.model_validate_json(source.get("document") or "")
    except ValidationError as error:
        yield f"revision {hit['_id']}: cannot be read: {explain_invalid(error)}"
        return
    if (article.id, article.revision) != (id, number):
        yield f"revision {hit['_id']}: holds revision {article.revision} of article {article.id}"


def _strays(engine: Engine, ids: Collection[str]) -> Iterator[str]:
    """A text kept just before its process died is of an article that still stands as it was: no fault."""
    stored = read(engine.cluster, engine.names.articles, ids, ["id"])
    yield from (f"revision of {id}: the article is not stored" for id in ids if id not in stored)
