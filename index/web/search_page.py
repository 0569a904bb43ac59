"""The search page: box, hits, facets, histogram, pages; what to do about a bad query or an empty answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from index.search.highlight import terms
from index.search.parse import MAX_WINDOW, parse
from index.search.query import QueryError
from index.search.story import with_present_stories
from index.web.box import box_values
from index.web.chart import chart
from index.web.facets import facets_shown
from index.web.faults import Fault, fault_of
from index.web.filters import InText, filters_in, without
from index.web.listed import listed
from index.web.loosen import Wider, wider
from index.web.templates import render
from index.web.visit import Visit, visit_of
from index.web.wording import wording

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.backend import Backend
    from index.search.query import Query
    from index.search.results import Results
    from index.web.asked import Asked


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, as a link that takes it out."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort; `value` is what the address carries."""

    name: str
    value: str | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The last page that can be listed; `limited` is how many hits that is, 0 when it is all."""

    last: int
    limited: int


def search_page(request: Request, backend: Backend) -> Response:
    """The page of a search; status 400 with the explanation for a query that cannot be understood."""
    visit = visit_of(request)
    try:
        query = with_present_stories(backend, visit.query)
    except QueryError as error:
        return _page(request, visit, 400, bad=fault_of(error, visit.t))
    results = backend.search(query)
    if not results.total:
        return _page(request, visit, 200, results=results, **_nothing(backend, visit, query))
    return _page(request, visit, 200, results=results, **_found(visit, query, results))


def _page(
    request: Request, visit: Visit, status: int, *, bad: Fault | None = None, **values: Any
) -> Response:
    filters = [] if bad else filters_in(visit.asked.text)
    known = {
        **box_values(visit.zone),
        "bad": bad,
        "unit": "count.articles" if visit.asked.copies else "count.stories",
        "chips": _chips(visit.asked, filters),
    }
    return HTMLResponse(render("search.html", request, visit.t, **known | values), status)


def _found(visit: Visit, query: Query, results: Results) -> dict[str, Any]:
    filters = filters_in(visit.asked.text)
    wanted = terms(query.root, ("any", "title"))
    return {
        "listed": [listed(hit, visit, wanted) for hit in results.hits],
        "facets": facets_shown(results, visit.asked, filters),
        "label": lambda facet, value: _label(visit, facet, value),
        "chart": chart(results.facets.day, visit, filters),
        "sorts": _orders(visit, bool(terms(query.root, ("any", "title", "author")))),
        "pages": _pages(results.total, query.limit),
    }


def _nothing(backend: Backend, visit: Visit, query: Query) -> dict[str, Any]:
    return {
        "understood": wording(query.root, visit.t, visit.zone),
        "wider": list(_helpful(backend, visit)) if visit.asked.text else [],
    }


def _helpful(backend: Backend, visit: Visit) -> list[tuple[Wider, int]]:
    """The wider queries that find something, and how much."""
    counted = []
    for each in wider(visit.asked):
        query = parse(
            each.asked.text, now=visit.now, zone=visit.zone, copies=each.asked.copies, sort="date", limit=0
        )
        query = with_present_stories(backend, query)
        counted.append((each, backend.search(replace(query, facets=False)).total))
    return [(each, count) for each, count in counted if count]


def _chips(asked: Asked, filters: Sequence[InText]) -> list[Chip]:
    return [
        Chip(
            f"{'-' * each.excluded}{each.field}:{each.value}",
            asked.but(text=without(asked.text, [each])).link(),
        )
        for each in filters
    ]


def _orders(visit: Visit, ranked: bool) -> list[Order]:
    """By relevance only where there are words to rank by; the order that is used without a choice has no value."""
    default = "score" if ranked else "date"
    chosen = visit.asked.sort or default
    names = ("score", "date", "copies") if ranked else ("date", "copies")
    return [Order(name, None if name == default else name, name == chosen) for name in names]


def _pages(total: int, limit: int) -> Pages:
    reachable = min(total, MAX_WINDOW // limit * limit)
    return Pages(-(-reachable // limit), reachable if reachable < total else 0)


def _label(visit: Visit, facet: str, value: str) -> str:
    """A value as people call it."""
    if facet == "role":
        return visit.t(f"facet.{value}")
    return visit.t.language_of_text(value) if facet == "language" else value
