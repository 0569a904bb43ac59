"""The copies of a story: a page of its own, which the search page opens under the hit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from index.search.hit import hit
from index.web.errors import Problem, answer
from index.web.listed import listed
from index.web.templates import render
from index.web.visit import visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.backend import Backend


def copies_page(request: Request, backend: Backend) -> Response:
    """Who has copied a story, the earliest first; 404 for an id of no story."""
    visit = visit_of(request)
    members = backend.story(request.path_params["id"])
    if not members:
        return answer(request, Problem(404, "no_story"))
    bare = [hit(article.model_copy(update={"lead": None, "body": ""}), 0.0, []) for article in members]
    original, *copies = [listed(replace(each, highlights=[]), visit) for each in bare]
    return HTMLResponse(render("copies.html", request, visit.t, original=original, copies=copies))
