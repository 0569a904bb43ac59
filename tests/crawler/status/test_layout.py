"""A layout is told by what was found on the pages before, or by nothing being found at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.status.layout import FALLEN, HARDLY, PAST_PAGES, Drop, fallen, layout_problem, unread
from tests.crawler.status.records import DAY, HOUR, rates, run


def test_a_rate_that_falls_below_half_of_its_past_is_a_new_layout() -> None:
    past = [run(age * HOUR, 1, pages=5, fill=rates(author=0.2)) for age in range(2, 20)]
    changed = [run(age * HOUR, 1, pages=5, fill=rates(body=0.4, author=0.0)) for age in (0, 1)]
    assert fallen([*changed, *past]) == {"body": Drop(1.0, 0.4), "author": Drop(0.2, 0.0)}
    assert fallen(past) == {}


@pytest.mark.parametrize("share", [FALLEN, 0.9, 1.0])
def test_a_rate_that_is_half_or_more_has_not_fallen(share: float) -> None:
    past = [run(age * HOUR, pages=10, fill=rates()) for age in range(1, 5)]
    assert fallen([run(timedelta(), pages=10, fill=rates(title=share)), *past]) == {}


def test_too_few_pages_say_nothing() -> None:
    past = [run(age * HOUR, pages=10, fill=rates()) for age in range(1, 5)]
    assert fallen([run(timedelta(), pages=9, fill=rates(title=0.0)), run(HOUR, pages=19, fill=rates())]) == {}
    assert fallen([run(timedelta(), pages=10, fill=rates(title=0.0)), *past[:1]]) == {}
    assert fallen([run(timedelta())]) == {}
    assert unread([run(timedelta(), pages=PAST_PAGES - 1, fill=rates(body=0.0))]) == {}
    assert unread([run(timedelta())]) == {}


def test_pages_of_more_than_eight_days_ago_say_nothing() -> None:
    past = [run(9 * DAY + age * HOUR, pages=10, fill=rates()) for age in range(4)]
    assert fallen([run(timedelta(), pages=10, fill=rates(title=0.0)), *past]) == {}


@pytest.mark.parametrize(("rate", "read"), [(0.0, False), (0.049, False), (HARDLY, True), (1.0, True)])
def test_pages_of_which_hardly_any_could_ever_be_read(rate: float, read: bool) -> None:
    runs = [run(age * HOUR, pages=10, fill=rates(body=rate)) for age in range(4)]
    assert (unread(runs) == {}) is read
    assert (layout_problem(runs, fallen(runs)) == "") is read


def test_dates_and_authors_may_be_missing_on_every_page() -> None:
    assert unread([run(HOUR, pages=40, fill=rates(date=0.0, author=0.0))]) == {}
