from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalising.text import content_hash, normal_text, word_count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("Цены\u00a0выросли  на\t5\u2009%", "Цены выросли на 5 %"),
        ("пере\u00adнос и\u200bпробел \ufeffBOM", "перенос ипробел BOM"),
        ("и\u0306 е\u0308", "й ё"),
        ("а\x00б\x07в\x1fг\x9fд", "абвгд"),
        ("иконка \ue001\ue000 и \ufffc", "иконка и"),
        ("половина \ud83d знака", "половина знака"),
        ("Первый.\n\nВторой.", "Первый.\n\nВторой."),
        ("  Первый. \n \n\n\n  Второй. \n", "Первый.\n\nВторой."),
        ("строка\r\nстрока\rстрока\u2028строка\x85строка", "строка\nстрока\nстрока\nстрока\nстрока"),
        ("один\u2029два", "один\n\nдва"),
        ("слева \u200f\u202bсправа\u202c", "слева справа"),
        ("эмодзи 🎉 остаётся", "эмодзи 🎉 остаётся"),
    ],
)
def test_normal_text(text: str, expected: str) -> None:
    assert normal_text(text) == expected


@given(st.text(st.characters()))
def test_normal_text_is_clean_and_final(text: str) -> None:
    once = normal_text(text)
    assert normal_text(once) == once
    assert "\n\n\n" not in once
    assert not any(line != line.strip() for line in once.split("\n"))
    assert all(unicodedata.category(character) not in {"Cc", "Cs"} for character in once.replace("\n", ""))
    once.encode()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" — … !", 0),
        ("Кто-то сказал: don't", 3),
        ("В 2022 году - 5 %", 4),
        ("Первый.\n\nВторой абзац.", 3),
    ],
)
def test_word_count(text: str, count: int) -> None:
    assert word_count(text) == count


TITLE, LEAD, BODY = (
    "Ещё один «прогноз»",
    "Коротко о главном.",
    'МОСКВА - РИА.\n\nОн сказал: "Да - всё так..." It\'s',
)


@pytest.mark.parametrize(
    ("title", "lead", "body"),
    [
        ("  Ещё  один\u00a0«прогноз» ", LEAD, BODY),
        ("Еще один «прогноз»", LEAD, BODY),
        ("Ещё один “прогноз”", LEAD, BODY),
        ('Ещё один "прогноз"', LEAD, BODY),
        (TITLE, LEAD, "МОСКВА — РИА.\nОн сказал: „Да – всё так…“ It’s\n"),
        (TITLE, LEAD, 'МОС\u00adКВА - РИА.\n\nОн сказал: "Да - всё так..." It\'s'),
        (TITLE, None, f"{LEAD}\n\n{BODY}"),
        (TITLE, f"{LEAD} МОСКВА - РИА.", 'Он сказал: "Да - всё так..." It\'s'),
        (unicodedata.normalize("NFD", TITLE), LEAD, unicodedata.normalize("NFD", BODY)),
    ],
)
def test_layout_and_style_are_no_revision(title: str, lead: str | None, body: str) -> None:
    assert content_hash(title, lead, body) == content_hash(TITLE, LEAD, BODY)


@pytest.mark.parametrize(
    ("title", "lead", "body"),
    [
        ("Ещё один «прагноз»", LEAD, BODY),
        ("ещё один «прогноз»", LEAD, BODY),
        ("Ещё один прогноз", LEAD, BODY),
        (TITLE, "Коротко, о главном.", BODY),
        (TITLE, None, BODY),
        (TITLE, LEAD, BODY + " Дополнено."),
        (TITLE, LEAD, BODY.replace("РИА", "ТАСС")),
        (f"{TITLE} {LEAD}", None, BODY),
    ],
)
def test_changed_words_are_a_revision(title: str, lead: str | None, body: str) -> None:
    assert content_hash(title, lead, body) != content_hash(TITLE, LEAD, BODY)


def test_the_hash_is_stable() -> None:
    """A changed hash makes every stored article a revision: it may change only with a migration."""
    assert (
        content_hash("Заголовок", "", "Текст.")
        == content_hash("Заголовок", None, "Текст.")
        == "b59d76a1ff32a25edc8d0eeb3105b434"
    )


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_is_hashed(title: str, body: str) -> None:
    assert len(content_hash(title, None, body)) == 32
