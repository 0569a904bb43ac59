"""The threads that read: one index each, closed where it was opened, bounded."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, get_ident

import pytest

from index.backend import IndexUnavailable, IndexUnreachable
from index.engine import look_at_index
from index.sqlite.schema import APPLICATION_ID
from index.web.readers import Busy, Readers


@dataclass
class Kept:
    """An index that remembers its thread."""

    thread: int = field(default_factory=get_ident)
    closed: int = 0

    def close(self) -> None:
        self.closed = get_ident()


class Desk:
    """Opens indices and keeps them."""

    def __init__(self) -> None:
        self.opened: list[Kept] = []

    def open(self) -> Kept:
        self.opened.append(Kept())
        return self.opened[-1]


def readers_of(desk: Desk, threads: int = 2, waiting: int = 0) -> Readers:
    return Readers(desk.open, threads, waiting)  # type: ignore[arg-type]  # as much of an index as is used


def test_each_thread_opens_one_and_closes_it() -> None:
    desk = Desk()
    readers = readers_of(desk)
    both = Barrier(2)

    def work(backend: object) -> bool:
        both.wait(10)
        assert isinstance(backend, Kept)
        return backend.thread == get_ident()

    async def ask() -> list[bool]:
        return [own for _ in range(3) for own in await asyncio.gather(readers.run(work), readers.run(work))]

    assert asyncio.run(ask()) == [True] * 6
    assert len(desk.opened) == 2
    readers.close()
    assert all(kept.closed == kept.thread for kept in desk.opened)


def test_too_many_are_refused_and_places_are_given_back() -> None:
    desk = Desk()
    readers = readers_of(desk, threads=1, waiting=1)

    async def ask() -> list[object]:
        asked = [readers.run(lambda _: 1) for _ in range(3)]
        first = await asyncio.gather(*asked, return_exceptions=True)
        return [*first, await readers.run(lambda _: 2)]

    found = asyncio.run(ask())
    assert found[:2] + found[3:] == [1, 1, 2]
    assert isinstance(found[2], Busy)
    readers.close()


@pytest.mark.parametrize(
    ("error", "opened"), [(IndexUnavailable("replaced"), 2), (IndexUnreachable("away"), 1)]
)
def test_an_index_that_cannot_be_used_is_opened_anew(error: Exception, opened: int) -> None:
    desk = Desk()
    readers = readers_of(desk, threads=1)

    def fail(_: object) -> None:
        raise error

    with pytest.raises(type(error)):
        asyncio.run(readers.run(fail))
    assert asyncio.run(readers.run(lambda _: 1)) == 1
    assert len(desk.opened) == opened
    readers.close()
    assert all(kept.closed for kept in desk.opened)


def test_another_file_is_opened_anew() -> None:
    desk, file = Desk(), ["first"]
    readers = Readers(desk.open, 1, 0, lambda: file[0])  # type: ignore[arg-type]  # as much of an index as is used
    assert asyncio.run(readers.run(lambda _: 1)) == 1
    assert asyncio.run(readers.run(lambda _: 1)) == 1
    assert len(desk.opened) == 1
    file[0] = "second"
    assert asyncio.run(readers.run(lambda _: 2)) == 2
    assert len(desk.opened) == 2
    assert desk.opened[0].closed
    readers.close()


def test_closing_without_a_request_is_fine() -> None:
    desk = Desk()
    readers_of(desk, threads=4).close()
    assert desk.opened == []


def test_the_reader_that_was_busy_last_is_asked_first() -> None:
    desk = Desk()
    readers = readers_of(desk, threads=4)

    async def ask() -> None:
        for _ in range(10):
            await readers.run(lambda _: 1)

    asyncio.run(ask())
    assert len(desk.opened) == 1
    readers.close()


@pytest.mark.parametrize("change", ["newer", "foreign"])
def test_a_file_that_was_changed_while_open_is_not_read_on(
    index_address: str, tmp_path: Path, change: str
) -> None:
    """Both in place: device and inode stay."""
    path = tmp_path / "svodka.db"
    path.write_bytes(Path(index_address.removeprefix("sqlite:///")).read_bytes())
    readers = Readers(lambda: look_at_index(f"sqlite:///{path}"), 1, 0)
    assert asyncio.run(readers.run(lambda backend: backend.stats()["articles"])) == 7
    pragma = "user_version = 99" if change == "newer" else "application_id = 1; PRAGMA user_version = 1"
    with closing(sqlite3.connect(path)) as other:
        before = other.execute("PRAGMA user_version").fetchone()[0]
        other.executescript(f"PRAGMA {pragma}")
    with pytest.raises(IndexUnavailable, match="newer Svodka" if change == "newer" else "another program"):
        asyncio.run(readers.run(lambda backend: backend.stats()))
    with closing(sqlite3.connect(path)) as other:
        other.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {before}")
    assert asyncio.run(readers.run(lambda backend: backend.stats()["articles"])) == 7, "opened once more"
    readers.close()
