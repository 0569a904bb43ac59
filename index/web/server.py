"""A search page that listens: on a socket of its own, until it is told to end."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

from index.web.app import make_app
from index.web.connection import connection_of

if TYPE_CHECKING:
    from types import FrameType

    from index.web.options import Limits, Options

GRACE = 3  # seconds that answers under way have when the server ends
BACKLOG = 128  # connections that wait to be accepted


class CannotListen(Exception):
    """The address cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections (port 0: any that is free); raises `CannotListen`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotListen(f"--host {host!r} is no address of this machine ({error})") from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(BACKLOG)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise CannotListen(f"--host {host!r} is no address of this machine") from None
        reason = error.strerror or str(error)
        raise CannotListen(
            f"cannot listen on {address_of(host, port)}: {reason}. Name another port: --port {port + 1}"
        ) from None
    return found


def address_of(host: str, port: int) -> str:
    """The address of a server as a browser takes it."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(options: Options, listening: socket.socket, announce: Callable[[], None]) -> None:
    """Answer until SIGINT or SIGTERM; `announce` is called when connections are accepted."""
    server = _server(options)

    def end(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn raises the signal once more when it has ended: it must find this handler, not the system's.
    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        announce()
        server.run(sockets=[listening])
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def served(options: Options, host: str = "127.0.0.1") -> Iterator[str]:
    """A server in a thread of this process, on a free port, for as long as the block runs; its address."""
    with closing(listen(host, 0)) as listening:
        server = _server(options)
        thread = Thread(target=server.run, args=([listening],), name="server")
        thread.start()
        try:
            yield address_of(host, listening.getsockname()[1]).rstrip("/")
        finally:
            server.should_exit = True
            thread.join()


def _server(options: Options) -> uvicorn.Server:
    limits: Limits = options.limits
    return uvicorn.Server(
        uvicorn.Config(
            make_app(options),
            http=connection_of(limits),
            ws="none",
            loop="asyncio",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=limits.connections,
            timeout_graceful_shutdown=GRACE,
            h11_max_incomplete_event_size=limits.request_head,
        )
    )
