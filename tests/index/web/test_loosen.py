from __future__ import annotations

import pytest

from index.search.parse import parse
from index.web.asked import Asked
from index.web.loosen import MOST, wider
from tests.make import NOON


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("мосты", [("beginnings", "мост*")]),
        ("мосты реки", [("any_word", "мосты OR реки"), ("beginnings", "мост* рек*")]),
        ('"мосты реки"', [("no_quotes", "мосты реки")]),
        ("мост site:a", [("no_filter", "мост")]),
        ("site:a", []),
        ("site:a lang:ru", [("no_filter", "lang:ru"), ("no_filter", "site:a")]),
        ("мост site:a after:7d", [("no_filters", "мост"), ("no_filter", "мост after:7d"), ("no_filter", "мост site:a")]),
        ("a OR b", []),
        ("(мосты OR реки) -театр", []),
        ("мосты -мосты", [("no_exclusions", "мосты")]),
        ('мосты -театр реки -"вид на"', [("no_exclusions", "мосты реки")]),
        ("мосты -site:a -театр", [("no_filter", "мосты -театр"), ("no_exclusions", "мосты -site:a")]),
    ],
)  # fmt: skip
def test_wider_queries(text: str, found: list[tuple[str, str]]) -> None:
    asked = Asked(text, copies=True)
    assert [(each.key, each.asked.text) for each in wider(asked)] == found
    for each in wider(asked):
        parse(each.asked.text, now=NOON)


def test_copies_come_first_where_they_are_not_listed() -> None:
    found = wider(Asked("мост site:a lang:ru after:7d", page=3))
    assert len(found) == MOST
    assert found[0].asked == Asked("мост site:a lang:ru after:7d", copies=True)
