"""Clients that hold connections without asking anything, over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from select import select
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from index.web.server import served
from tests.index.web.browser import Browser
from tests.index.web.conftest import UNHURRIED, options_for

HEAD = b"GET /api/stats HTTP/1.1\r\nHost: localhost\r\n"
WAIT = 0.5  # seconds that a head may take


@pytest.fixture
def brief(index_address: str) -> Iterator[Browser]:
    """A page that waits half a second for the head of a request."""
    limits = replace(UNHURRIED, head_seconds=WAIT, connections=20, client_connections=100)
    with served(options_for(index_address, limits)) as base:
        yield Browser(base)


def connected(browser: Browser) -> socket.socket:
    place = urlsplit(browser.base)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=10)


def answer(connection: socket.socket) -> bytes:
    """The whole answer: a JSON object follows the head."""
    got = b""
    while not got.endswith(b"}"):
        got += connection.recv(10_000)
    return got


def closed_after(connection: socket.socket) -> float:
    """Seconds until the server closes; whatever it sends before is left out."""
    start = monotonic()
    try:
        while connection.recv(10_000):
            pass
    except ConnectionResetError:
        pass
    return monotonic() - start


@pytest.mark.parametrize("sent", [b"", b"G", HEAD, HEAD + b"\r\n" + HEAD])
def test_a_head_that_does_not_come_whole_is_not_waited_for(brief: Browser, sent: bytes) -> None:
    """Not the first on a connection, and not one that follows an answer."""
    with closing(connected(brief)) as connection:
        connection.sendall(sent)
        assert WAIT * 0.8 < closed_after(connection) < 4


def test_bytes_one_by_one_give_no_more_time(brief: Browser) -> None:
    start = monotonic()
    with closing(connected(brief)) as connection:
        while not select([connection], [], [], 0.05)[0]:  # until the server says something: that it closes
            assert monotonic() - start < 4
            connection.sendall(b"G")
    assert monotonic() - start > WAIT * 0.8


def test_whole_requests_are_answered_one_after_the_other(brief: Browser) -> None:
    """The time counts anew for each, and does not run while one is answered."""
    with closing(connected(brief)) as connection:
        for _ in range(4):
            connection.sendall(HEAD)
            sleep(WAIT / 2)
            connection.sendall(b"\r\n")
            assert answer(connection).startswith(b"HTTP/1.1 200")


def test_half_requests_stop_the_page_for_a_moment_only(brief: Browser) -> None:
    with ExitStack() as stack:
        for _ in range(25):
            stack.enter_context(closing(connected(brief))).sendall(HEAD)
        assert brief.get("/").status == 503, "all connections are taken"
        sleep(WAIT * 2)
        assert brief.get("/").status == 200


def test_a_client_has_so_many_connections(index_address: str) -> None:
    limits = replace(UNHURRIED, client_connections=3)
    with served(options_for(index_address, limits)) as base, ExitStack() as stack:
        browser = Browser(base)
        held = [stack.enter_context(closing(connected(browser))) for _ in range(3)]
        for each in held:
            each.sendall(HEAD)
        with closing(connected(browser)) as another:
            assert closed_after(another) < 4
        held[0].sendall(b"\r\n")
        assert answer(held[0]).startswith(b"HTTP/1.1 200"), "those that are there go on"
        held[0].close()
        sleep(0.2)
        assert browser.get("/").status == 200
