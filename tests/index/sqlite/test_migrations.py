"""Files that an earlier Svodka made are brought forward with all that is in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from index.article import Article
from index.backend import Edge
from index.sqlite.backend import SqliteBackend
from index.sqlite.connection import connect
from index.sqlite.schema import MIGRATIONS
from tests.index.contract.stories import fold_into_one_story
from tests.make import NOON, make_article, make_run

# What takes a file of this version back to version 1, so that there is one with real content.
BACK_TO_1 = """
    DROP TABLE run;
    ALTER TABLE article DROP COLUMN first_copy;
    ALTER TABLE article DROP COLUMN last_copy;
    PRAGMA user_version = 1;
"""
ARTICLES = [
    make_article(
        site=f"s{n}.ru",
        url=f"https://s{n}.ru/",
        title=f"Новость {n}",
        published_at=NOON + timedelta(hours=n, microseconds=n),
    )
    for n in range(9)
]


def stored(backend: SqliteBackend) -> dict[str, Article]:
    return backend.get([each.id for each in ARTICLES])


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def make_version_1(path: Path) -> dict[str, Article]:
    """A story of five, one of two, one that fell apart again, articles alone; returned as they are stored."""
    with SqliteBackend.open(path) as backend:
        backend.put(ARTICLES)
        fold_into_one_story(backend, *ARTICLES[:5])
        fold_into_one_story(backend, *ARTICLES[5:7])
        fold_into_one_story(backend, *ARTICLES[7:])
        a, b = sorted(ARTICLES[7:], key=lambda each: each.id)
        backend.link([], [Edge(a.id, b.id, False, "test", a.judged_hash, b.judged_hash)])
        before = stored(backend)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(BACK_TO_1)
    return before


def test_version_1_is_taken_back_to_as_it_was(tmp_path: Path) -> None:
    """The file that the next test migrates has the columns that version 1 had."""
    make_version_1(tmp_path / "made.db")
    with (
        closing(sqlite3.connect(tmp_path / "made.db")) as made,
        closing(connect(tmp_path / "real.db", migrations=MIGRATIONS[:1])) as real,
    ):
        for table in ("article", "facet"):
            assert columns(made, table) == columns(real, table)


def test_stories_of_version_1_get_the_times_of_their_copies(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    before = make_version_1(path)
    with SqliteBackend.open(path, create=False) as backend:
        assert stored(backend) == before
        assert backend.check().faults == []
    first = before[ARTICLES[0].id]
    assert (first.copies, first.first_copy_at, first.last_copy_at) == (
        4,
        ARTICLES[1].published_at,
        ARTICLES[4].published_at,
    )


def test_a_file_of_version_2_gets_room_for_runs(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    connect(path, migrations=MIGRATIONS[:2]).close()
    with SqliteBackend.open(path, create=False) as backend:
        assert backend.last_runs() == {}
        backend.put_run(make_run())
        assert backend.last_runs() == {"a.example": make_run()}
