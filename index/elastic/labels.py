"""Story labels that an earlier version of the index did not have.

The server copies documents as they are, and what is new in a version follows from other documents: it is
filled in once they are carried over, in the way in which linking does it. So writers may be at work
meanwhile, and what was broken off is taken up again by what is still missing.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from index.elastic.scan import scan
from index.elastic.stories import relabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.elastic.engine import Engine

STORIES_AT_ONCE = 500
_INCOMPLETE: dict[str, Any] = {
    "bool": {
        "filter": [{"range": {"copies": {"gt": 0}}}],
        "must_not": [{"exists": {"field": "first_copy_at"}}],
    }
}


def complete_labels(engine: Engine, progress: Callable[[str, int, int], None] | None = None) -> int:
    """Give each story with copies the times of its first and last copy where it lacks them; how many did.

    For an index of the current version. A story none of whose copies has a date is looked at each time: it has
    no such times. `progress` is told what is done of how many.
    """
    engine.refresh_all("articles")
    counted = engine.cluster.ask(engine.cluster.es.count, index=engine.names.articles, query=_INCOMPLETE)
    hits = scan(engine, "articles", query=_INCOMPLETE, fields=False)
    done = 0
    while ids := [hit["_id"] for hit in islice(hits, STORIES_AT_ONCE)]:
        relabel(engine, ids)
        done += len(ids)
        if progress:
            progress("labels", done, counted["count"])
    return done
