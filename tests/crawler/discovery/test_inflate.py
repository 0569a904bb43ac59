from __future__ import annotations

import gzip
import time
from functools import partial

import pytest

from crawler.discovery.inflate import inflate
from crawler.discovery.link import NotReadable

pack = partial(gzip.compress, mtime=0)  # the time of packing would be in the names of the tests


def test_members_and_padding() -> None:
    body = pack(b"a" * 40_000) + pack(b"") + b"\0" * 20_000 + pack(b"b")
    assert inflate(body) == b"a" * 40_000 + b"b"


def test_plain_bytes_pass() -> None:
    assert inflate(b"<urlset/>") == b"<urlset/>"


@pytest.mark.parametrize("body", [b"a" * 101, pack(b"a" * 101), pack(b"a" * 60) * 2])
def test_limit(body: bytes) -> None:
    with pytest.raises(NotReadable, match="larger than 100 bytes"):
        inflate(body, limit=100)
    assert inflate(pack(b"a" * 100), limit=100) == b"a" * 100


def test_bomb_is_cut_off_early() -> None:
    bomb = pack(b"\0" * 20_000_000) * 20
    started = time.process_time()
    with pytest.raises(NotReadable, match="larger than"):
        inflate(bomb)
    assert time.process_time() - started < 2


def test_rest_after_the_stream_is_left_out() -> None:
    assert inflate(pack(b"a") + b"<!-- served by cache -->") == b"a"
