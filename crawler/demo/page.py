"""`Page` and what becomes of it on the wire: validators, 304, gzip. No sockets here."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import PurePosixPath

SMALLEST_GZIP = 256  # bytes; below that the gzip frame eats what it saves
CONTENT_TYPES = {
    ".xml": "application/xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".jpg": "image/jpeg",
}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of a sample site. Text is sent as UTF-8; bytes are sent as they are."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(
        default_factory=dict
    )  # Content-Type is guessed from the path when left out
    modified: datetime | None = None  # aware; becomes Last-Modified
    validators: bool = True  # False: no ETag, no Last-Modified, never a 304

    @property
    def data(self) -> bytes:
        """The body as bytes."""
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for: the absolute URL and its headers, names in lower case."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that was answered, and with which status."""

    request: Request
    status: int


Answer = Page | bytes | str | Callable[[Request], Page]
"""What a test may give for a URL; bytes and text are a page with status 200."""


def page_of(answer: Answer, request: Request) -> Page:
    """The page that an answer stands for."""
    if isinstance(answer, Page):
        return answer
    return Page(answer) if isinstance(answer, bytes | str) else answer(request)


def wire(page: Page, request: Request) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body to send: a 304 where a validator matches, gzip where the client takes it."""
    headers = {"Content-Type": _content_type(request.url), **page.headers}
    body = page.data
    if _wants_gzip(request, headers, body):
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Vary"] = "Accept-Encoding"
    if page.validators and page.status == 200:
        headers |= _validators(page, body)
        if _is_fresh(request, headers):
            return (
                304,
                {name: headers[name] for name in ("ETag", "Last-Modified", "Vary") if name in headers},
                b"",
            )
    return page.status, headers, body


def _content_type(url: str) -> str:
    return CONTENT_TYPES.get(PurePosixPath(url.partition("?")[0]).suffix, HTML)


def _wants_gzip(request: Request, headers: Mapping[str, str], body: bytes) -> bool:
    if len(body) < SMALLEST_GZIP or "Content-Encoding" in headers:
        return False
    if not any(kind in headers["Content-Type"] for kind in ("text/", "xml", "json")):
        return False
    for part in request.headers.get("accept-encoding", "").split(","):
        coding, _, weight = part.replace(" ", "").partition(";")
        if coding.lower() in {"gzip", "*"}:
            return weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _validators(page: Page, sent: bytes) -> dict[str, str]:
    # Strong tags differ between codings of one page (RFC 9110, 8.8.3.3): they are taken of what is sent.
    found = {"ETag": f'"{hashlib.blake2b(sent, digest_size=12).hexdigest()}"'}
    if page.modified is not None:
        found["Last-Modified"] = format_datetime(page.modified.astimezone(UTC), usegmt=True)
    return found


def _is_fresh(request: Request, headers: Mapping[str, str]) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides alone where it is sent, else If-Modified-Since."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in given or headers["ETag"] in given
    since, changed = _date(request.headers.get("if-modified-since")), _date(headers.get("Last-Modified"))
    return since is not None and changed is not None and changed <= since


def _date(value: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value) if value else None
    except ValueError:  # a date that cannot be read is as good as none (RFC 9110, 13.1.3)
        return None
    return parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
