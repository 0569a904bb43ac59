"""`SampleSites`: made-up hosts, answered on 127.0.0.1 by a server that plays a plain-HTTP proxy.

A client that is told `http_proxy=http://127.0.0.1:PORT` sends `GET http://host.example/path HTTP/1.1`
(RFC 9112, 3.2.2) and gets the page of that host. Nothing is ever forwarded: an unknown host is a 502.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from crawler.demo.content import Edition, read_editions
from crawler.demo.page import Answer, Exchange, Page, Request, page_of, wire

LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 30  # a connection that says nothing for so long is closed
CHUNK = 65536


class _BadTargetError(ValueError):
    """A request target that names no page of any host; the message says why."""


class SampleSites:
    """Sample hosts behind one port of the loopback interface; a context manager.

    `requests` and `log` tell what was asked for, so a test can prove that a page was never fetched.
    """

    def __init__(self, editions: Sequence[Edition], *, edition: int = 1, port: int = 0) -> None:
        self.editions = list(editions)
        self.log: list[Exchange] = []
        self.errors: list[BaseException] = []  # what went wrong inside the server; a sound run has none
        self.set_edition(edition)
        self._server = _Server((LOOPBACK, port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @classmethod
    def from_folder(cls, folder: Path, *, edition: int = 1, port: int = 0) -> Self:
        """Sites of a folder: `pages/<host>/`, and `second/<host>/` laid over it in edition 2."""
        return cls(read_editions(folder), edition=edition, port=port)

    @classmethod
    def from_pages(cls, pages: Mapping[str, Answer], *, port: int = 0) -> Self:
        """Sites of a test: absolute URLs, or paths (`/feed.xml`) of the server's own address.

        A value is a `Page`, text, bytes, or a function from `Request` to `Page`.
        """
        return cls([Edition(dict(pages))], port=port)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.drop_connections()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """The server's own address, which is also the proxy to use: `http://127.0.0.1:PORT`."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._server.server_port

    @property
    def edition(self) -> int:
        """Number of the edition that is served, from 1."""
        return self._edition

    def set_edition(self, edition: int) -> None:
        """Serve another edition from the next request on; raises ValueError when there is none."""
        if not 1 <= edition <= len(self.editions):
            raise ValueError(f"no edition {edition}: there are {len(self.editions)}")
        self._edition = edition

    @property
    def requests(self) -> Counter[str]:
        """How often each URL was asked for, as the client wrote it."""
        return Counter(exchange.request.url for exchange in list(self.log))

    @property
    def now(self) -> datetime:
        """The time that the served edition gives as its own, else the real one."""
        return self.editions[self._edition - 1].clock or datetime.now(UTC)

    def answer(self, request: Request) -> Page:
        """The page for a request: exact URL first, then without its query; else 404, or 502 for no such host."""
        pages = self.editions[self._edition - 1].pages
        parts = urlsplit(request.url)
        own = f"{parts.scheme}://{parts.netloc}" == self.address
        for url in (request.url, request.url.partition("?")[0]):
            key = url.removeprefix(self.address) if own else url
            if key in pages:
                return page_of(pages[key], request)
        if own or any(urlsplit(url).netloc == parts.netloc for url in pages):
            return _plain(404, f"{parts.path} is not on {parts.netloc}")
        return _plain(502, f"{parts.netloc} is no sample host, and nothing is forwarded")


def serve(folder: Path, *, edition: int = 1, port: int = 0) -> SampleSites:
    """The sample sites of a folder, to be used in a `with` statement; port 0 takes any free one."""
    return SampleSites.from_folder(folder, edition=edition, port=port)


def _plain(status: int, reason: str) -> Page:
    return Page(reason + "\n", status, {"Content-Type": "text/plain; charset=utf-8"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # the default of 5 makes the sixth client at once wait for a second

    def __init__(self, address: tuple[str, int], sites: SampleSites) -> None:
        self.sites = sites
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def drop_connections(self) -> None:
        # Idle keep-alive connections would hold their threads until the time limit.
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        # A client that hangs up, or a connection dropped at the end, is no fault of the server.
        if error is not None and not isinstance(error, OSError | ValueError):
            self.sites.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleSites"
    sys_version = ""
    timeout = IDLE_SECONDS
    wbufsize = -1  # headers and body leave together: apart they wait 40 ms for each other (Nagle)
    server: _Server

    def do_GET(self) -> None:
        self._reply()

    do_HEAD = do_GET  # noqa: N815 - the name http.server looks for

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # POST, CONNECT, made-up methods: answered, never an error page of Python
            return self._refuse
        raise AttributeError(name)

    def _refuse(self) -> None:
        self.close_connection = True  # a body may follow that nobody reads
        self._send(Request(self.command, self.path), Page("only GET and HEAD\n", 405, {"Allow": "GET, HEAD"}))

    def _reply(self) -> None:
        self._discard_body()
        sites = self.server.sites
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            request = Request(self.command, _absolute(self.path, headers.get("host", "")), headers)
            page = sites.answer(request)
        except _BadTargetError as error:
            request, page = Request(self.command, self.path, headers), _plain(400, str(error))
        except Exception as error:
            sites.errors.append(error)
            page = _plain(500, f"the sample page failed: {error!r}")
        self._send(request, page)

    def _discard_body(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > CHUNK or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return
        self.rfile.read(int(length))

    def _send(self, request: Request, page: Page) -> None:
        status, headers, body = wire(page, request)
        self.server.sites.log.append(Exchange(request, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.server.sites.now, usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: `SampleSites.log` has it."""


def _absolute(target: str, host: str) -> str:
    """The URL of a request target in absolute form or, with the Host header, in origin form."""
    url = f"http://{host}{target}" if target.startswith("/") else target
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _BadTargetError(f"not a URL: {error}") from None
    if parts.scheme != "http" or not parts.hostname:
        raise _BadTargetError("only http:// URLs, or a path with a Host header")
    name = parts.hostname if port in {None, 80} else f"{parts.hostname}:{port}"
    return parts._replace(netloc=name, path=parts.path or "/", fragment="").geturl()
