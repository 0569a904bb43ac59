from __future__ import annotations

import json
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Edge
from index.sqlite import writing
from index.sqlite.backend import SqliteBackend
from index.sqlite.documents import DocumentError, pack, signed, unpack
from tests.make import NOON, make_article

URL = "https://example.org/1"


@pytest.mark.parametrize("existing", [False, True])
def test_a_batch_overtaken_by_another_process_is_prepared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bool
) -> None:
    """The other process stores between the preparation and the lock; its text must not be lost."""
    path = tmp_path / "svodka.db"
    mine = make_article(url=URL, title="Мой", fetched_at=NOON + timedelta(hours=3), link_ids=["a" * 32])
    theirs = make_article(url=URL, title="Чужой", fetched_at=NOON + timedelta(hours=2), link_ids=["b" * 32])
    plan = writing._plan
    with SqliteBackend.open(path) as backend, SqliteBackend.open(path) as other:
        if existing:
            other.put([make_article(url=URL, title="Первый")])

        def overtaken(connection: object, batch: list[Article]) -> object:
            prepared = plan(backend.connection, batch)
            monkeypatch.setattr(writing, "_plan", plan)
            other.put([theirs])
            return prepared

        monkeypatch.setattr(writing, "_plan", overtaken)
        assert backend.put([mine]) == ["revised"]
        held = backend.get([mine.id])[mine.id]
        assert (held.title, held.revision) == ("Мой", 3 if existing else 2)
        assert set(held.link_ids) >= {"a" * 32, "b" * 32}
        assert [each.title for each in backend.revisions(mine.id)] == ["Первый", "Чужой"][not existing :]
        assert backend.check().faults == []


def test_an_identical_article_writes_nothing(tmp_path: Path) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([make_article(url=URL)])
        statements: list[str] = []
        backend.connection.set_trace_callback(statements.append)
        assert backend.put([make_article(url=URL)]) == ["unchanged"]
        assert not [sql for sql in statements if "INSERT" in sql or "UPDATE" in sql or "IMMEDIATE" in sql]


def test_labels_are_not_in_the_document(tmp_path: Path) -> None:
    one, other = sorted((make_article(url=URL), make_article(url=URL + "2")), key=lambda each: each.id)
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([one, other])
        before = backend.connection.execute("SELECT z FROM body").fetchall()
        backend.link([], [Edge(one.id, other.id, True, "test", one.judged_hash, other.judged_hash)])
        assert backend.connection.execute("SELECT z FROM body").fetchall() == before


def test_packing_is_lossless_and_strict() -> None:
    article = make_article(title="Ёж \U0001f994", modified_at=NOON.replace(microsecond=1))
    assert unpack(pack(article)) == article
    with pytest.raises(DocumentError, match="not deflated"):
        unpack(b"\x00" + pack(article))
    with pytest.raises(DocumentError, match="unknown: Extra inputs are not permitted"):
        unpack(zlib.compress(json.dumps(json.loads(article.model_dump_json()) | {"unknown": 1}).encode()))


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0000000000000000", 0),
        ("7fffffffffffffff", 2**63 - 1),
        ("8000000000000000", -(2**63)),
        ("ffffffffffffffff", -1),
    ],
)
def test_values_as_signed_numbers(value: str, number: int) -> None:
    assert list(signed([value])) == [number]
