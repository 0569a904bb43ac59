"""The application: which address is answered by what, and what is refused before that."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from index.web import api, exports
from index.web.article_page import article_page
from index.web.assets import asset_link, static
from index.web.compare_page import compare_page, revision_page
from index.web.copies_page import copies_page
from index.web.errors import error_page
from index.web.gate import Gate
from index.web.headers import SafeHeaders
from index.web.health_page import health_json, health_page
from index.web.kept import Kept
from index.web.overview_page import overview_page
from index.web.rate import Rate
from index.web.readers import Readers
from index.web.search_page import search_page
from index.web.story_page import story_page

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from index.backend import Backend
    from index.web.options import Limits, Options

WORTH_ZIPPING = 1_000  # bytes: a smaller answer fits into one packet anyway
ZIP_LEVEL = 5  # of a page of 40 kB: 1 ms for a fifth of its size (measured)

Page = Callable[[Request, "Backend"], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def make_app(options: Options) -> ASGIApp:
    """The search page on one index, with its guards around it."""
    limits = options.limits
    readers = Readers(options.open, limits.readers, limits.waiting, options.file, limits.seconds)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        readers.close()

    rate = Rate(limits.rate, limits.burst, limits.clients)
    app = Starlette(
        routes=_routes(limits),
        middleware=[
            Middleware(Gate, hosts=options.hosts, rate=rate, clock=monotonic, head=limits.request_head),
            Middleware(GZipMiddleware, minimum_size=WORTH_ZIPPING, compresslevel=ZIP_LEVEL),
        ],
        exception_handlers=_handlers(),
        lifespan=lifespan,
    )
    app.state.options, app.state.readers = options, readers
    app.state.kept = Kept(limits.kept, monotonic)
    return SafeHeaders(app)


def _routes(limits: Limits) -> list[Route]:
    pages: Mapping[str, Page] = {
        "/": search_page,
        "/article/{id:str}": article_page,
        "/article/{id:str}/versions/{number:int}": revision_page,
        "/story/{id:str}": story_page,
        "/story/{id:str}/copies": copies_page,
        "/story/{id:str}/compare/{article:str}": compare_page,
        "/story/{id:str}/compare/{article:str}/{other:str}": compare_page,
        "/search.atom": exports.atom,
        "/search.json": api.search,
        "/api/search": api.search,
        "/api/articles/{id:str}": api.article,
        "/api/stories/{id:str}": api.story,
        "/api/stats": api.stats,
    }
    return [
        *(Route(path, _read(page), methods=["GET"]) for path, page in pages.items()),
        *(
            Route(path, _read(overview_page, limits.counting), methods=["GET"])
            for path in ("/overview", "/overview/{last:str}")
        ),
        Route("/health", health_page, methods=["GET"]),
        Route("/health.json", health_json, methods=["GET"]),
        Route("/search.csv", exports.table, methods=["GET"]),
        Route("/opensearch.xml", exports.opensearch, methods=["GET"]),
        Route("/api", api.page, methods=["GET"]),
        Route("/api/openapi.json", api.description, methods=["GET"]),
        Route("/static/{name:str}", static, methods=["GET"]),
        Route("/favicon.ico", _icon, methods=["GET"]),
    ]


def _read(page: Page, seconds: float | None = None) -> Endpoint:
    """An endpoint that makes its page in a thread which has the index open."""

    async def endpoint(request: Request) -> Response:
        readers: Readers = request.app.state.readers
        return await readers.run(lambda backend: page(request, backend), seconds)

    return endpoint


async def _icon(_: Request) -> Response:
    return RedirectResponse(asset_link("icon.svg"), 301)


def _handlers() -> Mapping[Any, Any]:
    """Every exception becomes a page; those that are our fault are logged with their trace by the server."""
    from starlette.exceptions import HTTPException

    from index.backend import BackendError
    from index.search.query import QueryError
    from index.web.asked import BadParameter
    from index.web.readers import Busy

    known = (HTTPException, BackendError, QueryError, BadParameter, Busy)
    return dict.fromkeys((*known, Exception), error_page)
