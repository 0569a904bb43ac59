"""Files that an earlier Svodka made are brought forward with all that is in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.cli import main
from index.article import Article
from index.backend import Edge, IndexUnavailable, IndexWriteError
from index.engine import look_at_index, open_index
from index.sqlite.backend import SqliteBackend
from index.sqlite.connection import connect
from index.sqlite.schema import MIGRATIONS
from tests.index.contract.stories import fold_into_one_story
from tests.make import NOON, make_article, make_run

# What takes a file back to an earlier version, so that there is one with real content. Version 3 knew "no more
# exact than a day" only, and the times of copies without a date counted.
BACK_TO_4 = """
    DROP INDEX article_copied;
    PRAGMA user_version = 4;
"""
BACK_TO_3 = f"""{BACK_TO_4}
    ALTER TABLE article RENAME COLUMN vague TO day_only;
    UPDATE article SET day_only = 1 WHERE day_only = 2;
    UPDATE article SET (first_copy, last_copy) = (
        SELECT min(copy.published), max(copy.published) FROM article AS copy
        WHERE copy.story = article.story AND copy.n != article.n
      ) WHERE copies > 0;
    PRAGMA user_version = 3;
"""  # noqa: S608 - fixed text
BACK_TO_2 = f"""{BACK_TO_3}
    DROP TABLE run;
    PRAGMA user_version = 2;
"""
BACK_TO_1 = f"""{BACK_TO_2}
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
        first_seen_at=NOON + timedelta(hours=n if precision == "unknown" else 10, microseconds=n),
        published_precision=precision,
    )
    for n, precision in enumerate(
        ["second", "unknown", "minute", "day", "unknown", "second", "unknown", *["day"] * 2]
    )
]


def stored(backend: SqliteBackend) -> dict[str, Article]:
    return backend.get([each.id for each in ARTICLES])


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def make_older(path: Path, way_back: str) -> dict[str, Article]:
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
        connection.executescript(way_back)
    return before


OLDER = pytest.mark.parametrize(
    ("version", "way_back"), [(1, BACK_TO_1), (2, BACK_TO_2), (3, BACK_TO_3), (4, BACK_TO_4)]
)


@OLDER
def test_a_file_is_taken_back_to_as_it_was(tmp_path: Path, version: int, way_back: str) -> None:
    """The file that the next test migrates has the columns that this version had."""
    make_older(tmp_path / "made.db", way_back)
    with (
        closing(sqlite3.connect(tmp_path / "made.db")) as made,
        closing(connect(tmp_path / "real.db", migrations=MIGRATIONS[:version])) as real,
    ):
        for table in ("article", "facet"):
            assert columns(made, table) == columns(real, table)


@OLDER
def test_stories_of_older_files_get_the_times_of_their_copies(
    tmp_path: Path, version: int, way_back: str
) -> None:
    path = tmp_path / "svodka.db"
    before = make_older(path, way_back)
    with SqliteBackend.open(path, create=False) as backend:
        assert stored(backend) == before
        assert backend.check().faults == []
    first = before[ARTICLES[0].id]
    assert (first.copies, first.first_copy_at, first.last_copy_at) == (
        4,
        ARTICLES[2].published_at,
        ARTICLES[3].published_at,
    )
    pair = before[ARTICLES[5].id]
    assert (pair.copies, pair.first_copy_at, pair.last_copy_at) == (1, None, None)


def test_a_file_of_version_2_gets_room_for_runs(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    connect(path, migrations=MIGRATIONS[:2]).close()
    with SqliteBackend.open(path, create=False) as backend:
        assert backend.last_runs() == {}
        backend.put_run(make_run())
        assert backend.last_runs() == {"a.example": make_run()}


def test_an_older_file_that_is_only_looked_at_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    with closing(connect(path)) as connection:
        connection.executescript(BACK_TO_4)
    before = path.read_bytes()
    with pytest.raises(
        IndexUnavailable, match=r"has version 4, .* 'svodka index stats' brings it up to date"
    ):
        look_at_index(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert main(["index", "stats", "--index", f"sqlite:///{path}"]) == 0, "as the sentence says"
    look_at_index(f"sqlite:///{path}").close()


def test_what_is_looked_at_cannot_be_written_to(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/svodka.db"
    open_index(address).close()
    with closing(look_at_index(address)) as backend:
        with pytest.raises(IndexWriteError):
            backend.put(ARTICLES)
        assert backend.stats()["articles"] == 0
