"""Time since the original, as exact as it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.web.elapsed import duration, elapsed
from index.web.messages import messages
from tests.make import NOON, make_article


@pytest.mark.parametrize(
    ("lasted", "english", "russian"),
    [
        (timedelta(0), "0 s", "0 с"),
        (timedelta(seconds=59), "59 s", "59 с"),
        (timedelta(minutes=12, seconds=59), "12 min", "12 мин"),
        (timedelta(hours=3, minutes=5), "3 h 5 min", "3 ч 5 мин"),
        (timedelta(hours=24), "1 d", "1 д"),
        (timedelta(days=2, hours=4, minutes=30), "2 d 4 h", "2 д 4 ч"),
        (timedelta(days=2, minutes=30), "2 d", "2 д"),
        (timedelta(days=1_234), "1,234 d", "1\u00a0234 д"),
    ],
)
def test_durations(lasted: timedelta, english: str, russian: str) -> None:
    assert duration(lasted, messages("en")) == english
    assert duration(lasted, messages("ru")) == russian


def test_before_and_after() -> None:
    one = make_article(published_precision="minute")
    later = make_article(published_at=NOON + timedelta(minutes=5))
    assert elapsed(one, later, messages("en")) == "+5 min"
    assert elapsed(later, one, messages("en")) == "−5 min"


@pytest.mark.parametrize("precision", ["day", "unknown"])
def test_a_time_that_is_not_known_is_not_counted_from(precision: str) -> None:
    one, vague = make_article(), make_article(published_precision=precision)
    assert elapsed(one, vague, messages("en")) == elapsed(vague, one, messages("en")) == ""
