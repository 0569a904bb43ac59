"""What is refused before anything is looked up: foreign names, other pages, long addresses, impatience."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request

from index.web.errors import Problem, answer, too_often

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from index.web.hosts import Hosts
    from index.web.rate import Rate

LONGEST_PATH = 2_000  # bytes, as they are sent; our own are under 200
LONGEST_QUERY = 8_000  # bytes of an address behind '?': a query of 1,000 Cyrillic letters takes 6,000
_FREE = "/static/"  # costs nothing, and one page asks for several


class Gate:
    """Checks the name, the origin, the length and the pace of a request (ASGI); `head`: most bytes of a request head."""

    def __init__(self, app: ASGIApp, hosts: Hosts, rate: Rate, clock: Callable[[], float], head: int) -> None:
        self.app, self.hosts, self.rate, self.clock, self.head = app, hosts, rate, clock, head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with what is wrong."""
        if scope["type"] == "http":
            request = Request(scope)
            if problem := self._problem(request):
                await answer(request, problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _problem(self, request: Request) -> Problem | None:
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or not self.hosts.answers(hosts[0]):
            return Problem(400, "bad_host")
        if _of_another_page(request):
            return Problem(403, "another_page")
        if (
            len(request.scope["raw_path"]) > LONGEST_PATH
            or len(request.scope["query_string"]) > LONGEST_QUERY
        ):
            return Problem(400, "too_long")
        if _head(request) > self.head:  # uvicorn sees to it only where the head comes in several pieces
            return Problem(431, "long_head")
        if request.url.path.startswith(_FREE):
            return None
        client = request.client.host if request.client else ""
        wait = self.rate.wait(client, self.clock())
        return too_often(wait) if wait else None


def _of_another_page(request: Request) -> bool:
    """Whether a page from elsewhere makes the browser ask, other than by a link: it would use up the reader's rate.

    Browsers say so themselves (https://www.w3.org/TR/fetch-metadata/); what says nothing is no browser, or an old one.
    Another port of this machine is `same-site`. A frame is a navigation, too, by its destination no document.
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "none") not in {"cross-site", "same-site"}:
        return False
    return (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest", "document")) != (
        "navigate",
        "document",
    )


def _head(request: Request) -> int:
    """Bytes of the request line and the headers, with what stands between them."""
    scope = request.scope
    line = len(scope["method"]) + len(scope["raw_path"]) + len(scope["query_string"])
    return line + sum(len(name) + len(value) + 4 for name, value in scope["headers"])
