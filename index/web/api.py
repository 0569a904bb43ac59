"""The JSON API: what the pages show, for programs. `index.web.openapi` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from index.search.story import with_present_stories
from index.web.errors import Problem, answer
from index.web.openapi import openapi
from index.web.templates import render
from index.web.visit import messages_for, visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.article import Article
    from index.backend import Backend

INTERNAL = {"fingerprint", "link_ids"}  # fields of an article that mean nothing outside
DESCRIPTION = "/api/openapi.json"
CALLS = (
    ("/api/search?q=…&copies=1&sort=…&page=…&limit=…&zone=…", "api.search"),
    ("/api/articles/{id}", "api.article"),
    ("/api/stories/{id}", "api.story"),
    ("/api/stats", "api.stats"),
)
EXPORTS = (("/search.atom", "api.atom"), ("/search.json", "api.json"), ("/search.csv", "api.csv"))
HEALTH = "/health.json"


def search(request: Request, backend: Backend) -> Response:
    """The object that `svodka search --json` prints."""
    results = backend.search(with_present_stories(backend, visit_of(request).query))
    return JSONResponse(results.as_json())


def article(request: Request, backend: Backend) -> Response:
    """One article by its id."""
    id = request.path_params["id"]
    found = backend.get([id]).get(id)
    return JSONResponse(as_json(found)) if found else answer(request, Problem(404, "no_article"))


def story(request: Request, backend: Backend) -> Response:
    """The members of a story, its own article first."""
    members = backend.story(request.path_params["id"])
    if not members:
        return answer(request, Problem(404, "no_story"))
    return JSONResponse(
        {"story_id": members[0].story_id or members[0].id, "articles": [as_json(each) for each in members]}
    )


def stats(request: Request, backend: Backend) -> Response:
    """The counts of `svodka index stats`."""
    return JSONResponse(backend.stats())


def as_json(found: Article) -> dict[str, Any]:
    """An article as the API gives it: docs/article.md, without what only the index needs."""
    return found.model_dump(mode="json", exclude=INTERNAL)


async def description(request: Request) -> Response:
    """The OpenAPI description."""
    return JSONResponse(openapi())


async def page(request: Request) -> Response:
    """What there is, for people."""
    t = messages_for(request)
    page = render(
        "api.html", request, t, description=DESCRIPTION, calls=CALLS, exports=EXPORTS, health=HEALTH
    )
    return HTMLResponse(page)
