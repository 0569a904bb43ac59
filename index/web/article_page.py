"""The page of an article: its text, and where everything that is known of it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response

from index.stories.explain import worth
from index.stories.marks import foreign_marks
from index.web.compare_page import changes, compared
from index.web.errors import Problem, answer
from index.web.references import house, named, quoted
from index.web.templates import render
from index.web.times import Time, day_shown, time_shown
from index.web.visit import visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.article import Article, Evidence
    from index.backend import Backend
    from index.web.messages import Messages
    from index.web.visit import Visit

MOST_CHARACTERS = 50_000  # of the text: 7,000 words, some 30 kB of page (measured)
VERSIONS = 10  # listed, the newest; each is compared with the one before it, 1 ms for 200 words (measured)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of whose text it is, in words."""

    what: str
    text: str  # the words that carry it, quoted; '' for none
    house: str
    counts: str  # what it is worth
    confidence: str


@dataclass(frozen=True, slots=True)
class Version:
    """A stored text of the article."""

    label: str
    time: Time  # of the fetch
    link: str  # its differences to the one before, '' where that is not stored
    changes: str


def article_page(request: Request, backend: Backend) -> Response:
    """A stored article by its id; an address that led to it under another id leads on, 404 for any other."""
    visit, id = visit_of(request), request.path_params["id"]
    members = backend.story(id)
    article = next((each for each in members if each.id == id), None)
    if article is None:
        return _absent(request, visit, backend, id)
    values = _values(visit, article, members) | {"versions": _versions(visit, backend, article)}
    return HTMLResponse(render("article.html", request, visit.t, **values))


def _absent(request: Request, visit: Visit, backend: Backend, id: str) -> Response:
    """What is known of an id that the index has no article of: nothing, another id, or that it waits to be sent."""
    known = backend.known([id]).get(id)
    if known is None:
        return answer(request, Problem(404, "no_article"))
    if known.id != id and backend.story(known.id):
        return RedirectResponse(visit.asked.elsewhere(f"/article/{known.id}"), 303)
    return answer(request, Problem(404, "article_waits"))


def _values(visit: Visit, article: Article, members: Sequence[Article]) -> dict[str, object]:
    shown = list(_within(article.paragraphs))
    story = f"/story/{article.story_id or article.id}"
    original, marks = members[0], foreign_marks(article)
    return {
        "article": article,
        "this": named(article, visit),
        "language": visit.t.language_of_text(article.language),
        "paragraphs": shown,
        "whole": sum(map(len, shown)) == sum(map(len, article.paragraphs)),
        "by": ", ".join(article.authors),
        "original": named(original, visit) if original.id != article.id else None,
        "copies": len(members) - 1,
        "story_link": visit.asked.elsewhere(story),
        "compare_link": visit.asked.elsewhere(f"{story}/compare/{article.id}"),
        "published": time_shown(article.published_at, article.published_precision, visit.zone, visit.t),
        "origin": list(_origin(article, visit.t)),
        "moments": list(_moments(article, visit)),
        "source": house(article.source.name, article.source.domain),
        "signs": [_sign(each, article, marks, visit.t) for each in article.source.evidence],
        "json_link": f"/api/articles/{article.id}",
    }


def _within(paragraphs: Sequence[str]) -> Iterator[str]:
    """The first paragraphs, as far as they fit; the last of them may be cut."""
    room = MOST_CHARACTERS
    for paragraph in paragraphs:
        if room <= 0:
            return
        yield paragraph[:room]
        room -= len(paragraph)


def _origin(article: Article, t: Messages) -> Iterator[str]:
    """How exact the publication time is, where it was read, and in which zone."""
    if article.published_precision == "unknown":
        yield t("article.no_date")
        return
    yield (
        t(f"article.exact_{article.published_precision}")
        + " "
        + t(f"article.from_{article.published_origin}")
    )
    if article.published_precision == "day":
        yield t("article.kept_at_noon")
    elif article.published_offset is None:
        yield t("article.no_offset")
    else:
        there = article.published_at.astimezone(timezone(timedelta(minutes=article.published_offset)))
        day = day_shown(there.date(), t)
        yield t("article.offset", day=day, clock=f"{there:%H:%M}", zone=str(there.tzname()))


def _moments(article: Article, visit: Visit) -> Iterator[tuple[str, Time]]:
    """The other times: what the page says of a change, and when Svodka saw it and fetched it."""
    t = visit.t
    moments: list[tuple[str, datetime | None]] = [
        ("article.modified", article.modified_at if article.modified_at != article.published_at else None),
        ("article.first_seen", article.first_seen_at),
        ("article.fetched", article.fetched_at if article.fetched_at != article.first_seen_at else None),
    ]
    for key, moment in moments:
        if moment is not None:
            yield t(key), time_shown(moment, "minute", visit.zone, t)


def _sign(sign: Evidence, article: Article, marks: Sequence[Evidence], t: Messages) -> Sign:
    return Sign(
        what=t(f"article.sign_{sign.kind}"),
        text="" if sign.kind == "own_site" else quoted(sign.text, t),
        house="" if sign.kind == "own_site" else house(sign.name, sign.domain),
        counts=t(f"article.counts_{worth(sign, article, marks)}"),
        confidence=f"{sign.confidence:.2f}".replace(".", t("rule.point")),
    )


def _versions(visit: Visit, backend: Backend, article: Article) -> list[Version]:
    """The newest versions, the present one first; none where there is one only."""
    if article.revision == 1:
        return []
    texts = [*backend.revisions(article.id), article][-VERSIONS - 1 :]
    pairs = list(zip([None, *texts], texts, strict=False))[-VERSIONS:]
    return [_version(visit, before, each) for before, each in reversed(pairs)]


def _version(visit: Visit, before: Article | None, each: Article) -> Version:
    t = visit.t
    label, time = t("compare.version", n=each.revision), time_shown(each.fetched_at, "minute", visit.zone, t)
    if before is None:
        return Version(label, time, "", "")
    link = visit.asked.elsewhere(f"/article/{each.id}/versions/{each.revision}")
    return Version(label, time, link, changes(compared(before, each), t))
