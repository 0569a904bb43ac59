"""What is refused before anything is looked up: foreign names, long addresses, impatience."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request

from index.web.errors import Problem, answer, too_often

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from index.web.hosts import Hosts
    from index.web.rate import Rate

LONGEST_QUERY = 8_000  # bytes of an address behind '?': a query of 1,000 Cyrillic letters takes 6,000
_FREE = "/static/"  # costs nothing, and one page asks for several


class Gate:
    """Checks the name, the length and the pace of a request (ASGI)."""

    def __init__(self, app: ASGIApp, hosts: Hosts, rate: Rate, clock: Callable[[], float]) -> None:
        self.app, self.hosts, self.rate, self.clock = app, hosts, rate, clock

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
        if len(request.scope["query_string"]) > LONGEST_QUERY:
            return Problem(400, "too_long")
        if request.url.path.startswith(_FREE):
            return None
        client = request.client.host if request.client else ""
        wait = self.rate.wait(client, self.clock())
        return too_often(wait) if wait else None
