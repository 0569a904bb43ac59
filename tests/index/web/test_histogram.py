from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.results import Bucket
from index.web.histogram import MOST_BARS, histogram


def buckets(*days: str) -> list[Bucket]:
    return [Bucket(day, 2) for day in days]


@pytest.mark.parametrize("days", [[], ["2026-11-20"]])
def test_one_day_is_nothing_to_compare(days: list[str]) -> None:
    assert histogram(buckets(*days)) is None


@pytest.mark.parametrize(
    ("first", "last", "unit", "starts", "ends", "bars"),
    [
        ("2026-11-19", "2026-11-20", "day", "2026-11-07", "2026-11-21", 14),
        ("2026-09-20", "2026-11-20", "day", "2026-09-20", "2026-11-21", 62),
        ("2026-09-19", "2026-11-20", "week", "2026-09-14", "2026-11-23", 10),
        ("2025-02-01", "2026-11-20", "month", "2025-02-01", "2026-12-01", 22),
        ("2018-09-01", "2026-11-20", "month", "2018-09-01", "2026-12-01", 99),
        ("1990-01-01", "2026-11-20", "year", "1990-01-01", "2027-01-01", 37),
        ("0001-01-01", "9999-12-31", "year", "0001-01-01", "9999-12-31", 100),
    ],
)
def test_bars_fit_the_span(first: str, last: str, unit: str, starts: str, ends: str, bars: int) -> None:
    found = histogram(buckets(last, first))
    assert found is not None
    assert (found.unit, len(found.bars)) == (unit, bars)
    assert (found.bars[0].first.isoformat(), found.bars[-1].end.isoformat()) == (starts, ends)
    assert found.highest == 2


@given(st.dictionaries(st.dates(), st.integers(1, 1_000), min_size=2, max_size=30))
def test_bars_are_gapless_and_hold_every_hit(counts: dict[date, int]) -> None:
    found = histogram([Bucket(day.isoformat(), count) for day, count in counts.items()])
    assert found is not None
    assert len(found.bars) <= MOST_BARS + 1
    for bar, after in zip(found.bars, found.bars[1:], strict=False):
        assert bar.first < bar.end == after.first
    last = found.bars[-1]
    for bar in found.bars:
        inside = [n for day, n in counts.items() if bar.first <= day and (day < bar.end or bar is last)]
        assert bar.count == sum(inside)


def test_gaps_are_filled() -> None:
    found = histogram(buckets("2026-11-01", "2026-11-20"))
    assert found is not None
    assert [bar.count for bar in found.bars] == [2, *[0] * 18, 2]
    assert all(bar.end - bar.first == timedelta(days=1) for bar in found.bars)
