"""A found article as a list shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.search.highlight import mark
from index.web.times import Time, time_shown

if TYPE_CHECKING:
    from index.search.highlight import Term
    from index.search.results import Hit
    from index.web.visit import Visit

OUTLETS = 6  # sites that are named; the copies themselves are a click away


@dataclass(frozen=True, slots=True)
class Listed:
    """A hit with what a page says of it."""

    hit: Hit
    title: str  # matched words between the marks of passages
    time: Time
    lang: str  # of title and passages, '' when it could not be told
    names: Sequence[str]  # whose text it is: authors, then the source where that is another house
    others: Sequence[str]  # further sites that have the story, the first of them
    more: int  # how many further sites are not named
    copies_link: str
    story_link: str
    article_link: str


def listed(hit: Hit, visit: Visit, wanted: Sequence[Term] = ()) -> Listed:
    """A hit for a reader; `wanted` is marked in its title."""
    others = [outlet for outlet in hit.outlets if outlet != hit.site]
    source = [] if hit.source_name in {hit.site, *hit.authors} else [hit.source_name]
    return Listed(
        hit=hit,
        title=mark(hit.title, wanted),
        time=time_shown(hit.published_at, hit.published_precision, visit.zone, visit.t),
        lang="" if hit.language == "und" else hit.language,
        names=[*hit.authors, *source],
        others=others[:OUTLETS],
        more=max(len(others) - OUTLETS, 0),
        copies_link=visit.asked.elsewhere(f"/story/{hit.story_id}/copies"),
        story_link=visit.asked.elsewhere(f"/story/{hit.story_id}"),
        article_link=visit.asked.elsewhere(f"/article/{hit.id}"),
    )
