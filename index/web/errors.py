"""Errors as pages, or as JSON where a program asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from index.backend import BackendError, TimedOut
from index.search.query import QueryError
from index.web.asked import LAST_PAGE, MOST_ON_A_PAGE, BadParameter
from index.web.box import box_values
from index.web.readers import Busy
from index.web.templates import render
from index.web.visit import messages_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from index.web.messages import Messages

KNOWN = (400, 404, 405, 429, 500, 503)
RETRY = 5  # seconds after which a busy server may be asked again


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: the status, a sentence from the catalogue with its values, the index's own words."""

    status: int
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    retry: int = 0  # seconds, 0: not said
    parameter: str = ""  # of the address, which is wrong


def problem_of(error: Exception) -> Problem:
    """What an exception means to a visitor; never its trace."""
    if isinstance(error, BadParameter):
        return _bad_parameter(error)
    if isinstance(error, QueryError):
        return Problem(400, "bad_query", reason=str(error))
    if isinstance(error, Busy):
        return Problem(503, "busy", retry=RETRY)
    if isinstance(error, TimedOut):
        return Problem(503, "timed_out", reason=str(error), retry=RETRY)
    if isinstance(error, BackendError):
        return Problem(503, "no_index", reason=str(error), retry=RETRY)
    status = error.status_code if isinstance(error, HTTPException) else 500
    return Problem(status, f"status_{_told(status)}")


def _bad_parameter(error: BadParameter) -> Problem:
    """Says what to write instead."""
    values = {"value": error.value[:100], "last": f"{LAST_PAGE}", "most": f"{MOST_ON_A_PAGE}"}
    return Problem(400, f"bad_{error.name}", values, parameter=error.name)


def _told(status: int) -> int:
    """The status of the same kind that the catalogue has words for."""
    return status if status in KNOWN else 500 if status >= 500 else 400


def too_often(wait: float) -> Problem:
    """The client asks too often and may ask again in `wait` seconds."""
    return Problem(429, "status_429", retry=max(1, ceil(wait)))


async def error_page(request: Request, error: Exception) -> Response:
    """The answer to a request that raised."""
    response = answer(request, problem_of(error))
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def answer(request: Request, problem: Problem) -> Response:
    """A problem as a page in the reader's language, or as JSON under /api and for *.json."""
    headers = {"Retry-After": str(problem.retry)} if problem.retry else {}
    path = request.url.path
    if path.startswith("/api/") or path.endswith(".json"):
        return JSONResponse(_as_json(problem), problem.status, headers=headers)
    t, options = messages_for(request), request.app.state.options
    page = render(
        "error.html",
        request,
        t,
        title=t(f"error.title_{_told(problem.status)}"),
        sentence=_sentence(problem, t),
        reason=problem.reason,
        typed=problem.values.get("value", ""),
        **box_values(options.zone, wrong=problem.parameter),
    )
    return HTMLResponse(page, problem.status, headers=headers)


def _as_json(problem: Problem) -> dict[str, object]:
    from index.web.messages import messages

    told = _sentence(problem, messages("en"))
    return {"error": {"status": problem.status, "message": problem.reason or told}}


def _sentence(problem: Problem, t: Messages) -> str:
    return t(f"error.{problem.key}", **problem.values)
