from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.schedule.expression import ALIASES, Expression, check_expression

WALL = datetime.fromisoformat("2026-11-23T12:34")


@pytest.mark.parametrize(
    ("alias", "first"),
    [
        ("@hourly", "2026-11-23 13:00"),
        ("@daily", "2026-11-24 00:00"),
        ("@midnight", "2026-11-24 00:00"),
        ("@weekly", "2026-11-29 00:00"),
        ("@monthly", "2026-12-01 00:00"),
        ("@yearly", "2027-01-01 00:00"),
        ("@annually", "2027-01-01 00:00"),
        ("@Hourly", "2026-11-23 13:00"),
    ],
)
def test_every_alias_has_its_times(alias: str, first: str) -> None:
    assert f"{next(Expression(alias).times(WALL)):%F %R}" == first


def test_no_alias_is_left_out_of_the_test_above() -> None:
    assert set(ALIASES) == {"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 fields instead of 5"),
        ("@reboot", "names no time"),
        ("@fortnightly", "1 fields"),
        ("* * * *", "4 fields"),
        ("0 0 12 * * *", "6 fields"),
        ("60 * * * *", "Bad minute"),
        ("* 24 * * *", "Bad hour"),
        ("* * 0 * *", "Bad day-of-month"),
        ("* * * 13 *", "Bad month"),
        ("* * * * 9", "Bad day-of-week"),
        ("*/0 * * * *", "Bad minute"),
        ("5-1 * * * *", "Bad minute"),
        ("1, * * * *", "Bad minute"),
        ("-1 * * * *", "Bad minute"),
        ("٣ * * * *", "Bad minute"),
        ("0 0 31 2 *", "Bad day-of-month"),
        ("0 0 */20 2 MON#5", "no day fits"),
        ("* * * * *\n0 0 * * *", "10 fields"),
        (",".join(["1"] * 5000) + " * * * *", "more than 200 characters"),
        ("*/5 * * * * rm -rf /", "8 fields"),
    ],
)
def test_damaged_expressions_say_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="write one like") as caught:
        check_expression(text)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 250


@settings(deadline=None)
@given(st.text("0123456789*/,-#L@ MON\t", max_size=24) | st.text(max_size=20))
def test_whatever_stands_in_a_site_file_is_told_or_has_a_next_time(text: str) -> None:
    try:
        expression = Expression(text)
    except ValueError:
        return
    after = WALL
    assert next(expression.times(after)) > after
    assert expression.words
    assert expression.interval > timedelta()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*/15 * * * *", "every 15 minutes"),
        ("7-59/10 * * * *", "every 10 minutes, from minute 7"),
        ("13-59/10 * * * *", "every 10th minute from 13 through 59 of every hour"),
        ("@hourly", "at the start of every hour"),
        ("30 2 * * *", "at 02:30 every day"),
        ("0 9-17 * * MON-FRI", "at minute 0 past every hour from 9 through 17 on Monday through Friday"),
        ("*/7 * * * *", "every seventh minute of every hour"),
    ],
)
def test_in_words(text: str, words: str) -> None:
    assert Expression(text).words == words


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("* * * * *", 1), ("*/15 * * * *", 15), ("*/7 * * * *", 4), ("0,50 * * * *", 10), ("@daily", 1440)],
)
def test_the_shortest_interval(text: str, minutes: int) -> None:
    assert Expression(text).interval == timedelta(minutes=minutes)


def test_either_day_is_enough_unless_one_begins_with_a_star() -> None:
    both = islice(Expression("0 0 1 * MON").times(WALL), 3)
    assert [f"{each:%F}" for each in both] == ["2026-11-30", "2026-12-01", "2026-12-07"]
    star = islice(Expression("0 0 */2 * MON").times(WALL), 2)
    assert [f"{each:%F %a}" for each in star] == ["2026-12-07 Mon", "2026-12-21 Mon"]
