from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from index.search.parse import parse
from index.search.render import Style, render, wrap
from index.search.results import MATCH_END, MATCH_START, Bucket
from tests.index.search.hits import make_facets, make_hit, make_results

PASSAGE = f"По новому {MATCH_START}мосту{MATCH_END} едут."


def answer(*hits: Any, style: Style | None = None, query: str = "мост", **options: Any) -> str:
    total = options.pop("total", None)
    return render(make_results(*hits, total=total), parse(query, **options), style or Style())


def test_a_page_of_hits() -> None:
    wire = make_hit(
        authors=["Иван Петров"],
        copies=4,
        outlets=["a.example", "b.example", "c.example", "d.example", "ria.ru"],
    )
    copy = make_hit(
        site="lenta.ru",
        title="Мост открыт",
        role="copy",
        revision=2,
        published_at=datetime(2026, 1, 18, 12, tzinfo=UTC),  # a day, not a moment
        published_precision="day",
        highlights=[PASSAGE],
    )
    assert answer(wire, copy, style=Style(width=100), total=57, offset=10) == (
        "11. Мост через реку открыли раньше срока\n"
        "    ria.ru · 18 Jan 2026 12:00 UTC · by Иван Петров, РИА Новости"
        " · 4 copies: a.example, b.example,\n"
        "    c.example and 1 more\n"
        "    Движение по новому мосту началось утром.\n"
        "    https://ria.ru/20260118/most.html\n"
        "\n"
        "12. Мост открыт\n"
        "    lenta.ru · 18 Jan 2026 · by РИА Новости · a copy · revision 2\n"
        "    По новому мосту едут.\n"
        "    https://ria.ru/20260118/most.html\n"
        "\n"
        "Sites: ria.ru 2\n"
        "Sources: РИА Новости 1\n"
        "Days: 2026-01-18 2\n"
        "11-12 of 57 stories; next: --offset 12\n"
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "ria.ru · 18 Jan 2026 12:00 UTC · by РИА Новости"),
        ({"source_name": "ria.ru"}, "ria.ru · 18 Jan 2026 12:00 UTC"),
        ({"authors": ["ТАСС"], "source_name": "ТАСС"}, "ria.ru · 18 Jan 2026 12:00 UTC · by ТАСС"),
        ({"published_precision": "unknown"}, "ria.ru · seen 18 Jan 2026 · by РИА Новости"),
        (
            {"copies": 1, "outlets": ["lenta.ru", "ria.ru"]},
            "ria.ru · 18 Jan 2026 12:00 UTC · by РИА Новости · 1 copy: lenta.ru",
        ),
        ({"copies": 2, "outlets": ["ria.ru"]}, "ria.ru · 18 Jan 2026 12:00 UTC · by РИА Новости · 2 copies"),
    ],
)
def test_what_stands_under_a_title(changes: dict[str, Any], line: str) -> None:
    assert answer(make_hit(**changes)).splitlines()[1].strip() == line


def test_times_are_shown_in_the_given_zone() -> None:
    assert "18 Jan 2026 15:00 MSK" in answer(make_hit(), style=Style(zone=ZoneInfo("Europe/Moscow")))


@pytest.mark.parametrize("zone", ["Pacific/Midway", "UTC", "Pacific/Tongatapu"])
def test_a_day_is_that_day_in_every_zone(zone: str) -> None:
    hit = make_hit(published_precision="day")
    assert "ria.ru · 18 Jan 2026 · by" in answer(hit, style=Style(zone=ZoneInfo(zone)))


def test_matches_are_bold_on_a_terminal_only() -> None:
    assert "\x1b[1mмосту\x1b[22m" in answer(make_hit(highlights=[PASSAGE]), style=Style(styled=True))
    plain = answer(make_hit(highlights=[PASSAGE]))
    assert "По новому мосту едут." in plain
    assert not {"\x1b", MATCH_START, MATCH_END} & set(plain)


def test_a_page_cannot_steer_the_terminal() -> None:
    hostile = "\x1b]0;pwned\x07\x1b[31mКрасное\u202e\x9b2J\r\n\udcff"
    hit = make_hit(
        **dict.fromkeys(("title", "site", "url", "source_name"), hostile),
        authors=[hostile], outlets=[hostile, "x"], copies=1, highlights=[hostile],
    )  # fmt: skip
    bucket = [Bucket(hostile, 1)]
    shown = render(
        make_results(hit, facets=make_facets(site=bucket, source=bucket, day=bucket)), parse("мост"), Style()
    )
    assert not {"\x1b", "\x07", "\u202e", "\x9b", "\r", "\udcff"} & set(shown)
    shown.encode()


def test_lines_keep_to_the_width() -> None:
    hit = make_hit(
        title="Очень длинный заголовок " * 10, highlights=["東京の天気 " * 40, "слово " * 60], url="/"
    )
    assert max(map(cell_len, answer(hit, style=Style(width=50)).splitlines())) <= 50


def test_marks_take_no_room() -> None:
    assert wrap(f"{MATCH_START}abc{MATCH_END} def", 7) == [f"{MATCH_START}abc{MATCH_END} def"]
    assert wrap("abc def", 6) == ["abc", "def"]
    assert wrap("abcdefgh i", 3) == ["abcdefgh", "i"]
    assert wrap("", 3) == [""]


@pytest.mark.parametrize(
    ("count", "total", "options", "last"),
    [
        (1, 1, {}, "1-1 of 1 story"),
        (2, 2, {"copies": True}, "1-2 of 2 articles"),
        (2, 5, {"limit": 2, "offset": 2}, "3-4 of 5 stories; next: --offset 4"),
        (1, 5, {"limit": 2, "offset": 4}, "5-5 of 5 stories"),
    ],
)
def test_paging(count: int, total: int, options: dict[str, Any], last: str) -> None:
    assert answer(*[make_hit()] * count, total=total, **options).splitlines()[-1] == last


def test_a_page_beyond_the_last() -> None:
    assert answer(total=5, offset=20) == "Nothing on this page: 5 stories in all, --offset is 20.\n"


def test_long_facets_are_cut() -> None:
    facets = make_facets(site=[Bucket(f"s{n}", 9 - n) for n in range(7)])
    shown = render(make_results(make_hit(), facets=facets), parse("мост"), Style())
    assert "Sites: s0 9, s1 8, s2 7, s3 6, s4 5 and 2 more\n" in shown


def test_nothing_found_says_what_was_understood_and_what_to_loosen() -> None:
    shown = answer(
        query='угроза мост "два слова" -река title:x site:ria.ru after:2022-01-18', style=Style(width=200)
    )
    assert shown == (
        "Nothing found.\n"
        'Looked for: угроза (any form) and мост (any form) and "два слова" and not река (any form)'
        " and x (any form) in the title and site ria.ru and published from 2022-01-18 00:00 UTC.\n"
        "To find more, try:\n"
        "  - any of the words instead of all: угроза OR мост\n"
        "  - a phrase without its quotes, for the words anywhere\n"
        "  - the beginning of a word: угроз*\n"
        "  - no title: or author:, to look everywhere\n"
        "  - fewer of site: source: lang: section: story:\n"
        "  - --copies, to list the copies in a story too\n"
        "  - a longer time between after: and before:\n"
        "  - no exclusions\n"
    )


def test_nothing_found_without_a_query_means_an_empty_index() -> None:
    assert "The index is empty" in answer(query="")


def test_every_part_of_a_query_is_said_in_words() -> None:
    shown = answer(
        query="угр* (a OR -(b lang:ru)) before:2022 role:copy", copies=True, style=Style(width=200)
    )
    assert (
        "угр* (beginning) and (a (any form) or not (b (any form) and language ru))"
        " and published before 2022-01-01 00:00 UTC and role copy." in shown
    )
    assert "--copies" not in shown
