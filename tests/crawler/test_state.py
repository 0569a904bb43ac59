from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from crawler.discovery.link import Link
from crawler.outcome import Outcome
from crawler.state import SiteState

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINK = Link("http://a.example/1", "feed", "Заголовок", "Fri, 20 Nov 2026 10:00:00 GMT")


def waits(outcome: Outcome, times: int) -> list[timedelta | None]:
    """How long each of some failed visits in a row postpones the next."""
    state, now, found = SiteState(), NOW, []
    for _ in range(times):
        state.note("k", LINK, outcome, now)
        due = state.visits["k"].due_at
        found.append(due - now if due else None)
        now = due or now
    return found


def test_a_failed_link_is_tried_five_times_ever_more_rarely() -> None:
    quarter = timedelta(minutes=15)
    assert waits("http_error", 5) == [quarter, 4 * quarter, 16 * quarter, 64 * quarter, None]


def test_a_page_that_is_no_article_is_looked_at_thrice() -> None:
    assert [wait is None for wait in waits("too_short", 3)] == [False, False, True]


@pytest.mark.parametrize("outcome", ["robots", "outside_site"])
def test_what_the_site_forbids_is_not_tried_again(outcome: Outcome) -> None:
    assert waits(outcome, 1) == [None]


def test_a_deferred_link_is_due_at_once_and_costs_no_try() -> None:
    state = SiteState()
    state.note("k", LINK, "http_error", NOW)
    state.note("k", LINK, "deferred", NOW)
    assert state.visits["k"].tries == 1
    assert list(state.due(NOW)) == ["k"]


def test_what_the_source_said_of_a_link_is_kept() -> None:
    state = SiteState()
    state.note("k", LINK, "http_error", NOW)
    visit = SiteState.model_validate(state.model_dump(mode="json")).visits["k"]
    assert (visit.url, visit.title, visit.published) == (LINK.url, LINK.title, LINK.published)


def test_given_up_links_are_forgotten_after_a_month_and_waiting_ones_are_not() -> None:
    state = SiteState()
    state.note("given up", LINK, "robots", NOW)
    state.note("waiting", LINK, "http_error", NOW)
    state.forget_old(NOW + timedelta(days=29))
    assert set(state.visits) == {"given up", "waiting"}
    state.forget_old(NOW + timedelta(days=31))
    assert set(state.visits) == {"waiting"}


def test_an_unknown_field_in_a_kept_state_is_an_error() -> None:
    with pytest.raises(ValidationError, match="colour"):
        SiteState.model_validate({"colour": "red"})
