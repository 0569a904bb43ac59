from __future__ import annotations

import pytest

from crawler.extraction.stamp import is_stamp


@pytest.mark.parametrize(
    "line",
    [
        "November 20, 2026 13:15 GMT",
        "Опубликовано 18 января 2022 г., 14:05 МСК",
        "20.11.2026 14:30",
        "Updated: Nov. 20th, 2026 at 1:15 pm ET",
        "Stand: 18. Jänner 2022, 14.05 Uhr",
        "вчера в 9:30",
        "5 минут назад",
    ],
)
def test_a_line_of_date_words_and_numbers_is_a_stamp(line: str) -> None:
    assert is_stamp(line)


@pytest.mark.parametrize(
    "line",
    [
        "18 января открыли мост.",
        "В мае 2022 года завод остановили.",
        "Published",
        "Счёт 3:2 в пользу гостей",
        "20 November 2026 was a Friday.",
        "",
        "2026 год станет годом реки, решил совет.",
    ],
)
def test_a_sentence_with_a_date_is_none(line: str) -> None:
    assert not is_stamp(line)
