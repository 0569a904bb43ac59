from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.backend import Backend
from index.engine import open_index
from index.stories.furniture import Furniture
from index.stories.texts import Texts
from tests.index.stories.labelled import article_of, rows

ARTICLES = [article_of(row) for row in rows()]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    engine.put(ARTICLES)
    yield engine
    engine.close()


def test_a_text_is_prepared_once(backend: Backend) -> None:
    texts = Texts(backend, Furniture(backend))
    first = texts.of(ARTICLES[0])
    assert texts.of(ARTICLES[0]) is first
    assert list(texts.get([ARTICLES[0].id])) == [first]


def test_all_stored_texts_come_and_no_other(backend: Backend) -> None:
    texts = Texts(backend, Furniture(backend))
    ids = [article.id for article in ARTICLES]
    assert {text.id for text in texts.get([*ids, "0" * 32])} == set(ids)


def test_the_least_used_go_first(backend: Backend) -> None:
    one, two, three = ARTICLES[:3]
    texts = Texts(backend, Furniture(backend), words=201)
    first, second = texts.of(one), texts.of(two)
    assert len(first.cased) + len(second.cased) <= 200
    assert texts.of(one) is first
    texts.of(three)
    assert texts.of(one) is first
    assert texts.of(two) is not second


def test_a_text_larger_than_the_room_is_still_given(backend: Backend) -> None:
    texts = Texts(backend, Furniture(backend), words=10)
    assert [text.id for text in texts.get([ARTICLES[0].id])] == [ARTICLES[0].id]
