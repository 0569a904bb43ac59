from __future__ import annotations

import pytest

from index.stories.tokens import cased_tokens, is_number, tokens


@pytest.mark.parametrize(
    ("written", "alike"),
    [
        ("Ещё «ёлки» — в пресс-службе", 'Еще "елки" - в пресс‑службе'),
        ("12 345 жителей", "12,345 жителей"),
        ("12\u00a0345 жителей", "12345 жителей"),
        ("1 234 567 рублей", "1,234,567 рублей"),
        ("рост на 1,5 %", "рост на 1.5%"),
        ("за\u0301мок", "замок"),
        ("пере\u00adнос", "перенос"),
        ("и\u0306од", "йод"),
        ("don’t", "don't"),
        ("ﬁnance", "finance"),
    ],
)
def test_two_ways_to_write_one_text(written: str, alike: str) -> None:
    assert tokens(written) == tokens(alike)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" «»—…!? ", []),
        ("COVID-19 и G7", ["covid", "19", "и", "g", "7"]),
        ("в 2019, 2020 и 2021 годах", ["в", "2019", "2020", "и", "2021", "годах"]),
        ("18.01.2026 в 10:30", ["18.01.2026", "в", "10", "30"]),
        ("с 1 000 5000 раз", ["с", "1000", "5000", "раз"]),
        ("дом 5, 300 квартир", ["дом", "5", "300", "квартир"]),
        ("№5_а", ["no", "5", "а"]),
    ],
)
def test_words_and_numbers(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_capitals_are_kept_on_request() -> None:
    assert cased_tokens("Ёж в ЦБ") == ["Еж", "в", "ЦБ"]


def test_numbers_begin_with_a_digit() -> None:
    assert [is_number(token) for token in tokens("за 1,5 года 2 шага")] == [False, True, False, True, False]
