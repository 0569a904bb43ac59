"""The page of a story: the original and its copies on a time line, and why each of them is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response

from index.stories.explained_choice import choice
from index.stories.explained_choice import named as houses_named
from index.stories.pairing import pairings, ways_to_original
from index.web.elapsed import TIMED, duration, elapsed
from index.web.errors import Problem, answer
from index.web.reasons import choice_shown, houses_shown, marks_shown, percent, rule_shown
from index.web.references import Named, named
from index.web.templates import render
from index.web.visit import visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.article import Article
    from index.backend import Backend
    from index.stories.pairing import Pairing
    from index.web.visit import Visit

COPIES = 25  # on a page: each is judged anew with its neighbour on the way to the original, 4 ms (measured)


@dataclass(frozen=True, slots=True)
class Event:
    """A copy on the time line."""

    article: Named
    exact: bool  # whether its time is known
    since: str  # time since the original, '' where it cannot be told
    evidence: Sequence[str]  # sentences
    through: Sequence[Named]  # articles over which it is connected with the original
    link: str  # what it changed
    pair_link: str  # its differences to the nearest of those


def story_page(request: Request, backend: Backend) -> Response:
    """A story by the id of any of its articles; those that are not its own lead to it, 404 where there is none."""
    visit, id = visit_of(request), request.path_params["id"]
    members = backend.story(id)
    if not members:
        return answer(request, Problem(404, "no_story"))
    story = members[0].story_id or members[0].id
    if id != story:
        return RedirectResponse(_place(visit, story, members, id), 303)
    return HTMLResponse(render("story.html", request, visit.t, **_values(visit, backend, story, members)))


def _place(visit: Visit, story: str, members: Sequence[Article], id: str) -> str:
    """Where a member stands: the address of the story, on the page that has it."""
    at = next((at for at, each in enumerate(members) if each.id == id), 0)
    page = 1 + max(at - 1, 0) // COPIES
    return visit.asked.elsewhere(f"/story/{story}", page=page) + (f"#a{id}" if at else "")


def _values(visit: Visit, backend: Backend, story: str, members: list[Article]) -> dict[str, object]:
    original, t, page = members[0], visit.t, visit.asked.page
    chosen = choice(members, visit.zone)
    second = _runner_up(members, chosen.runner_up.article.id) if chosen.runner_up else None
    first = named(original, visit)
    why = [
        *choice_shown(chosen, named(second, visit) if second else None, t),
        *houses_shown(houses_named(members), chosen, t),
    ]
    shown = members[1:][(page - 1) * COPIES : page * COPIES]
    return {
        "first": first,
        "exact": original.published_precision in TIMED,
        "why": why,
        "copies": len(members) - 1,
        "sites": len({each.site for each in members}),
        "lasted": _lasted(members, visit),
        "events": _events(visit, backend, members, shown),
        "start": (page - 1) * COPIES + 1,
        "last": max(1, -(-(len(members) - 1) // COPIES)),
        "link_of_page": lambda number: visit.asked.elsewhere(f"/story/{story}", page=number),
        "search": visit.asked.but(text=f"story:{story}", copies=True, sort="date").link(),
        "json_link": f"/api/stories/{story}",
    }


def _runner_up(members: Sequence[Article], id: str) -> Article:
    return next(each for each in members if each.id == id)


def _lasted(members: Sequence[Article], visit: Visit) -> str:
    """From the first to the last article whose time is known; '' where that is one."""
    times: list[datetime] = [each.published_at for each in members if each.published_precision in TIMED]
    return duration(max(times) - min(times), visit.t) if len(times) > 1 else ""


def _events(
    visit: Visit, backend: Backend, members: Sequence[Article], shown: Sequence[Article]
) -> list[Event]:
    """The copies shown, each judged with the original, or with the article that connects it with the original."""
    ways = ways_to_original(backend, members, shown)
    nearest = {each.id: ([members[0], *ways[each.id]])[-1] for each in shown if each.id in ways}
    joined = [each for each in shown if each.id in nearest]
    judged = dict(
        zip(
            (each.id for each in joined),
            pairings(backend, [(each, nearest[each.id]) for each in joined]),
            strict=True,
        )
    )
    return [
        _event(visit, members[0], each, ways.get(each.id, ()), nearest.get(each.id), judged.get(each.id))
        for each in shown
    ]


def _event(
    visit: Visit,
    original: Article,
    copy: Article,
    way: Sequence[Article],
    nearest: Article | None,
    pairing: Pairing | None,
) -> Event:
    this, through, t = named(copy, visit), [named(each, visit) for each in way], visit.t
    compare = f"/story/{original.story_id}/compare/{copy.id}"
    return Event(
        article=this,
        exact=copy.published_precision in TIMED,
        since=elapsed(original, copy, t),
        evidence=list(_evidence(visit, this, nearest, pairing)),
        through=through,
        link=visit.asked.elsewhere(compare),
        pair_link=visit.asked.elsewhere(f"{compare}/{nearest.id}") if nearest and way else "",
    )


def _evidence(visit: Visit, this: Named, nearest: Article | None, pairing: Pairing | None) -> list[str]:
    """Why a copy is in the story: the rule that accepted the pair, and the marks that link it."""
    t = visit.t
    if nearest is None or pairing is None:
        return [t("story_page.unconnected")]
    mine, theirs = (percent(share, t) for share in pairing.shared)
    said = [
        t("story_page.shares", mine=mine, theirs=theirs, site=nearest.site),
        rule_shown(pairing.reason, t),
        *([] if this.mark and pairing.links.this else marks_shown(pairing, this, named(nearest, visit), t)),
    ]
    return said if pairing.ok else [t("story_page.stale"), *said]
