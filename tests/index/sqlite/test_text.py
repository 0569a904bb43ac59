from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.search.analysis import BARRIER, sealed
from index.search.query import And, Phrase, Query
from index.sqlite import text
from index.sqlite.backend import SqliteBackend
from index.sqlite.schema import MIGRATIONS
from tests.make import make_article


def found(backend: SqliteBackend, table: str, token: str) -> int:
    query = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"  # noqa: S608 - one of two names
    (count,) = backend.connection.execute(query, (f'"{token}"',)).fetchone()
    return int(count)


def test_stems_and_written_words_go_into_their_tables(tmp_path: Path) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([make_article(title="Угрозами", authors=["Пётр Ильин"], lead="Ввод", body="тела")])
        assert [found(backend, "text", word) for word in ("угроз", "угрозами")] == [1, 0]
        assert [found(backend, "exact", word) for word in ("угрозами", "петр", "ввод", "тела")] == [
            1,
            1,
            1,
            1,
        ]


def test_lead_and_body_and_authors_are_parted_by_the_barrier() -> None:
    article = make_article(
        title="Заголовок", authors=["Иван", "—", "Пётр"], lead="Ввод.", body="Тело.\n\nКонец."
    )
    assert text.tokens(article).exact == (
        "заголовок",
        f"иван {BARRIER}  {BARRIER} петр",
        f"ввод {BARRIER} тело конец",
    )
    assert text.tokens(make_article(lead=None, body="Тело.")).exact[2] == "тело"


def test_the_barrier_is_a_token_that_no_text_has() -> None:
    every = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
    assert BARRIER in every
    assert BARRIER not in sealed(every)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute("INSERT INTO text(rowid, body) VALUES (1, ?)", (f"ввод {BARRIER} тело",))
        phrases = ('"ввод тело"', f'"ввод {BARRIER} тело"')
        counts = [
            connection.execute("SELECT count(*) FROM text WHERE text MATCH ?", (phrase,)).fetchone()[0]
            for phrase in phrases
        ]
    assert counts == [0, 1]


def test_an_index_made_without_barriers_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "svodka.db"
    query = Query(root=And((Phrase(("ввод", "тело")),)))
    with monkeypatch.context() as patch:
        patch.setattr(text, "BARRIER", "")
        text.analysis_digest.cache_clear()
        with SqliteBackend.open(path) as backend:
            backend.put([make_article(url="https://example.org/1", lead="Ввод", body="Тело.")])
            assert backend.search(query).total == 1
    text.analysis_digest.cache_clear()
    with SqliteBackend.open(path) as backend:
        backend.put([make_article(url="https://example.org/2")])
        assert backend.search(query).total == 0
        assert backend.check().faults == []


def test_a_revision_leaves_no_word_of_the_old_text(tmp_path: Path) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        old = make_article(url="https://example.org/1", title="Старое")
        backend.put([old])
        backend.put([make_article(url="https://example.org/1", title="Новое")])
        assert [found(backend, "exact", word) for word in ("старое", "новое")] == [0, 1]


def test_another_byline_of_the_same_text_is_found(tmp_path: Path) -> None:
    """Authors are no part of the content hash, but they are searched."""
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([make_article(url="https://example.org/1", authors=["Иванов"])])
        assert backend.put([make_article(url="https://example.org/1", authors=["Петров"])]) == ["unchanged"]
        assert [found(backend, "exact", word) for word in ("иванов", "петров")] == [0, 1]
        assert backend.check().faults == []


def test_the_text_index_is_left_alone_when_no_searched_word_changes(tmp_path: Path) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([make_article(url="https://example.org/1", section="Город")])
        statements: list[str] = []
        backend.connection.set_trace_callback(statements.append)
        backend.put([make_article(url="https://example.org/1", section="Дороги")])
        assert any("facet" in sql for sql in statements)
        assert not any("INTO text" in sql or "INTO exact" in sql for sql in statements)


def test_rebuild_mends_any_damage_to_the_text_index(tmp_path: Path) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([make_article(url=f"https://example.org/{number}") for number in range(5)])
        backend.connection.execute("INSERT INTO text(text) VALUES ('delete-all')")
        backend.connection.execute("INSERT INTO exact(rowid, title) VALUES (77, 'лишнее')")
        assert backend.check().faults
        assert backend.rebuild_text() == 5
        assert backend.check().faults == []


def test_an_index_made_by_another_analysis_is_made_anew_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an update of the stemmer: words are cut otherwise than when the index was made."""
    path = tmp_path / "svodka.db"
    with monkeypatch.context() as patch:
        patch.setattr(text, "stems", lambda given: [word[:3] for word in given.lower().split()])
        text.analysis_digest.cache_clear()
        with SqliteBackend.open(path) as backend:
            backend.put(
                [make_article(url=f"https://example.org/{number}", title="Старое") for number in range(3)]
            )
            assert backend.check().faults == []
    text.analysis_digest.cache_clear()
    with SqliteBackend.open(path) as backend:
        assert backend.check().faults
        backend.put([make_article(url="https://example.org/1", title="Новое")])
        assert backend.check().faults == []
