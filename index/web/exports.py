"""The ways out of a search: Atom, CSV, and the description with which a browser searches from its address bar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from index.search.story import with_present_stories
from index.web import atom as feed
from index.web.asked import PAGE
from index.web.assets import names
from index.web.csv_rows import header, rows
from index.web.opensearch import described
from index.web.visit import Visit, messages_for, visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.backend import Backend
    from index.search.results import Results
    from index.web.options import Options
    from index.web.readers import Readers

CHUNK = 500  # hits that are held at a time


def atom(request: Request, backend: Backend) -> Response:
    """The newest hits of a search as an Atom feed; 304 where the reader has it."""
    visit = visit_of(request)
    limit = visit.asked.limit if request.query_params.get("limit") else feed.ENTRIES
    visit = replace(visit, asked=replace(visit.asked, sort="date", limit=limit))
    query = replace(with_present_stories(backend, visit.query), facets=False)
    body = feed.feed(backend.search(query), visit, _base(request))
    return _unless_known(request, body, "application/atom+xml; charset=utf-8")


def _unless_known(request: Request, body: bytes, media_type: str) -> Response:
    """The body with its tag, which is weak, as it is the same for the zipped one (RFC 9110, 8.8.1)."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"ETag": f"W/{tag}", "Cache-Control": "no-cache"}  # kept, and asked for again each time
    if names(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


async def table(request: Request) -> Response:
    """All hits of a search as CSV, sent as they are found; errors of the first part are told with their status."""
    visit = _from_the_first(visit_of(request))
    visit.query  # noqa: B018 - raises QueryError before anything is sent
    first = await _chunk(request, visit, 0)
    headers = {"Content-Disposition": 'attachment; filename="svodka.csv"'}
    media_type = "text/csv; charset=utf-8; header=present"
    if request.method == "HEAD":
        return StreamingResponse(_nothing(), media_type=media_type, headers=headers)
    return StreamingResponse(_rows(request, visit, first), media_type=media_type, headers=headers)


def _from_the_first(visit: Visit) -> Visit:
    """The visit without the page it is on: a table has all of them."""
    return replace(visit, asked=replace(visit.asked, page=1, limit=PAGE))


async def _nothing() -> AsyncIterator[str]:
    """No part of a file: a length that is not known is not told, where an empty text would tell 0 (RFC 9110, 8.6)."""
    return
    yield


async def _rows(request: Request, visit: Visit, first: Results) -> AsyncIterator[str]:
    """The file in pieces. An article that moves to a later place meanwhile is not listed twice."""
    options: Options = request.app.state.options
    results, offset = first, 0
    sent: set[str] = set()
    yield header()
    while results.hits:
        fresh = [hit for hit in results.hits if hit.id not in sent]
        sent |= {hit.id for hit in fresh}
        yield rows(fresh)
        offset += len(results.hits)
        if offset >= min(results.total, options.limits.export):
            return
        results = await _chunk(request, visit, offset)


async def _chunk(request: Request, visit: Visit, offset: int) -> Results:
    readers: Readers = request.app.state.readers
    options: Options = request.app.state.options
    limit = min(CHUNK, options.limits.export - offset)

    def work(backend: Backend) -> Results:
        query = replace(visit.query, limit=limit, offset=offset, facets=False)
        return backend.search(with_present_stories(backend, query))

    return await readers.run(work)


async def opensearch(request: Request) -> Response:
    """The OpenSearch description of this server, under the name it was asked by."""
    text = described(_base(request), messages_for(request))
    return Response(text, media_type="application/opensearchdescription+xml; charset=utf-8")


def _base(request: Request) -> str:
    """The address of this server as the client names it; the gate has checked the name."""
    return f"{request.url.scheme}://{request.headers['host']}"
