"""Is every document an article, and does what the engine keeps beside it say the same?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.article import Article, explain_invalid
from index.elastic.documents import OWN
from index.elastic.scan import scan
from index.runs import stored_run
from index.stories.rank import Member

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.elastic.scan import Hit
    from index.tally import Tally

AT_ONCE = 500  # whole articles of one page: some 3 MB


def article_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Documents that are no article, or are at odds with their id or with what linking reads."""
    for hit in tally.each("articles", scan(engine, "articles", page=AT_ONCE)):
        for fault in _faults_of(hit):
            yield f"article {hit['_id']}: {fault}"


def _faults_of(hit: Hit) -> Iterator[str]:
    source = dict(hit["_source"])
    own = source.pop(OWN, None)
    try:
        article = Article.model_validate_json(json.dumps(source))
    except ValidationError as error:
        yield f"the stored document cannot be read: {explain_invalid(error)}"
        return
    if article.id != hit["_id"]:
        yield f"the document says it is article {article.id}"
    if isinstance(own, dict):
        yield from _own_faults(own, article)
    else:
        yield "nothing of what linking reads is stored"


def _own_faults(own: dict[str, Any], article: Article) -> Iterator[str]:
    if not isinstance(own.get("stored"), int):
        yield f"{OWN}.stored is {own.get('stored')!r}, no place in the order of arrival"
    due = {"judged": article.judged_hash, "marks": list(Member.of(article).marks)}
    for name, value in due.items():
        if own.get(name) != value:
            yield f"{OWN}.{name} is {own.get(name)!r}, by the document it is {value!r}"


def pending_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Marks are counted; one whose article has not come is the trace of a killed process and no fault."""
    for hit in tally.each("pending", scan(engine, "pending")):
        if not isinstance(hit["_source"].get("stored"), int):
            yield f"pending {hit['_id']}: no place in the order of arrival"
        if not isinstance(hit["_source"].get("judged"), str):
            yield f"pending {hit['_id']}: does not say which state of the article waits, and is never taken off"


def state_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Crawl state that is no JSON object."""
    for hit in tally.each("states", scan(engine, "state")):
        try:
            sound = isinstance(json.loads(hit["_source"]["value"]), dict)
        except (ValueError, TypeError, KeyError):
            sound = False
        if not sound:
            yield f"state {hit['_id']!r}: not a JSON object"


def run_faults(engine: Engine, tally: Tally) -> Iterator[str]:
    """Run records that cannot be read, or are at odds with their id."""
    for hit in tally.each("runs", scan(engine, "runs")):
        try:
            run = stored_run(hit["_source"])
        except ValidationError as error:
            yield f"run {hit['_id']}: the stored document cannot be read: {explain_invalid(error)}"
            continue
        if run.id != hit["_id"]:
            yield f"run {hit['_id']}: the document says it is run {run.id}"
