"""`Proxy`: a reverse proxy in front of a node that passes requests on, or answers each with its own page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

PAGE = b"<!doctype html><title>Maintenance</title><p>We are back soon."
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}  # RFC 9110, 7.6.1


@dataclass
class Proxy:
    """Listens at `url`. With `html` every answer is 200 and a page, as those of proxies under repair are."""

    url: str
    html: bool = False
    pages_given: int = 0


@contextmanager
def proxy_before(node: str) -> Iterator[Proxy]:
    """A proxy in front of the node at an address."""
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave together: apart they wait 40 ms for each other (Nagle)

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if proxy.html:
                proxy.pages_given += 1
                self._send(200, [("Content-Type", "text/html")], PAGE)
                return
            onward = HTTPConnection(urlsplit(node).netloc, timeout=60)
            try:
                onward.request(self.command, self.path, body, dict(self.headers))
                answer = onward.getresponse()
                self._send(answer.status, answer.getheaders(), answer.read())
            finally:
                onward.close()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - names that http.server looks for

        def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        proxy.url = f"http://127.0.0.1:{server.server_port}"
        yield proxy
        server.shutdown()
        thread.join()
