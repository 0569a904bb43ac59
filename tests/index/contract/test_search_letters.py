"""Letters written in more than one way, signs and emoji mean the same on every engine."""

from __future__ import annotations

import pytest

from index.backend import Backend
from index.search.parse import parse
from index.search.query import And, Filter, Query, QueryError
from tests.make import make_article

ODD = make_article(
    title="Видео:Reuters и e\u0301lan",
    body="Зимни\u0438\u0306 за\u0301мок, пресс\u00adсекретарь; 1\u202f000 м². Сердце❤\ufe0fГород 👍🏽 лайк, шаг 2\ufe0f\u20e3. "
    "Пʼять, п‘ята. Evening at the universities: geologists, \u0441orporations. C++ ТАСС™ a_b ria.ru/новость word\u200e.",
)
ODD_FINDS = """видео|reuters|élan|зимний|Зимни\u0438\u0306|зимний*|e\u0301la*|замок|пресссекретарь|прессс*|1 000|000|м|сердце
    |город|❤сердце|лайк|"город лайк"|"город 👍 лайк"|2|"шаг 2"|п'ять|п’ята|evenings|university|geology|\u0441orporation|c
    |тасс|ТАСС™|a_b|ria.ru/новость|word|вид*"""
ODD_MISSES = """elan|even|universe|зимнии*|"замок секретарь"|видеореuters|1000|ab|видео:*|ria"""


def test_odd_letters_are_read_alike(backend: Backend) -> None:
    backend.put([ODD])

    def is_found(text: str) -> bool:
        try:
            return backend.search(parse(text)).total == 1
        except QueryError:
            return False

    assert [text for text in ODD_FINDS.split("|") if not is_found(text)] == []
    assert [text for text in ODD_MISSES.split("|") if is_found(text)] == []


VALUES = [
    ("site", "Пример.РФ", ["пример.рф", "ПРИМЕР.РФ"]),
    ("section", "Всё  о\u00a0спорте", ["все о спорте", " ВСЁ О СПОРТЕ "]),
    ("section", "Зимни\u0438\u0306 спорт", ["зимний спорт"]),
    ("section", "Don’t", ["don't"]),
]


@pytest.mark.parametrize(("field", "value", "asked"), VALUES)
def test_values_are_found_in_any_case_and_spacing(
    backend: Backend, field: str, value: str, asked: list[str]
) -> None:
    backend.put([make_article(**{field: value})])
    for each in asked:
        assert backend.search(Query(root=And((Filter(field, each),)))).total == 1  # type: ignore[arg-type]  # one of its fields
    assert backend.search(Query(root=And((Filter("site", "\u0301"),)))).total == 0
