from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.backend import Backend
from index.engine import open_index
from index.stories.furniture import Furniture
from index.stories.texts import READ_AT_ONCE, Texts
from tests.index.stories.counted import Counted
from tests.index.stories.labelled import article_of, rows

ARTICLES = [article_of(row) for row in rows()[:31]]


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


def reads(counted: Counted) -> list[list[str]]:
    """The ids that each call for articles named."""
    return [list(asked) for name, asked in counted.asked if name == "get"]


def test_one_call_reads_many_texts_and_one_their_furniture(backend: Backend) -> None:
    counted = Counted(backend)
    texts = Texts(counted.backend, Furniture(counted.backend))
    ids = [article.id for article in ARTICLES]
    assert len(ids) < READ_AT_ONCE
    assert len(list(texts.get(ids))) == len(ids)
    assert counted.calls == {"get": 1, "holders": 1}


def test_calls_are_bounded(backend: Backend) -> None:
    counted = Counted(backend)
    texts = Texts(counted.backend, Furniture(counted.backend))
    unknown = [f"{number:032x}" for number in range(2 * READ_AT_ONCE)]
    (text,) = texts.get([*unknown, ARTICLES[0].id], ahead=unknown)
    assert text.id == ARTICLES[0].id
    assert [len(each) for each in reads(counted)] == [READ_AT_ONCE] * 3


def test_what_comes_next_is_taken_along(backend: Backend) -> None:
    counted = Counted(backend)
    texts = Texts(counted.backend, Furniture(counted.backend))
    one, two, *rest = [article.id for article in ARTICLES]
    ahead = iter([two, one, two, *rest])
    assert [text.id for text in texts.get([one], ahead)] == [one]
    assert {text.id for text in texts.get([two, *rest])} == {two, *rest}
    assert reads(counted) == [[one, two, *rest]]
    assert counted.calls["holders"] == 1


def test_nothing_is_read_when_all_is_at_hand(backend: Backend) -> None:
    counted = Counted(backend)
    texts = Texts(counted.backend, Furniture(counted.backend))
    texts.of(ARTICLES[0])
    assert len(list(texts.get([ARTICLES[0].id], [ARTICLES[1].id]))) == 1
    assert reads(counted) == []


def test_what_is_taken_along_beyond_the_room_is_read_again(backend: Backend) -> None:
    counted = Counted(backend)
    texts = Texts(counted.backend, Furniture(counted.backend), words=10)
    ids = [article.id for article in ARTICLES[:5]]
    for place, each in enumerate(ids):
        assert [text.id for text in texts.get([each], ids[place + 1 :])] == [each]
    assert reads(counted)[0] == ids
