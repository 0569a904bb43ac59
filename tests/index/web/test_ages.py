"""How long ago, in words."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from index.web.ages import ago
from index.web.messages import messages
from tests.make import NOON


@pytest.mark.parametrize(
    ("passed", "english", "russian"),
    [
        (timedelta(seconds=-30), "just now", "только что"),
        (timedelta(seconds=59), "just now", "только что"),
        (timedelta(minutes=1), "1 min ago", "1 мин назад"),
        (timedelta(minutes=119), "119 min ago", "119 мин назад"),
        (timedelta(hours=2), "2 h ago", "2 ч назад"),
        (timedelta(hours=47), "47 h ago", "47 ч назад"),
        (timedelta(days=2), "2 days ago", "2 дня назад"),
    ],
)
def test_ages(passed: timedelta, english: str, russian: str) -> None:
    shown = [ago(NOON - passed, NOON, UTC, messages(language)) for language in ("en", "ru")]
    assert [each.text for each in shown] == [english, russian]
    assert shown[0].title.endswith("(UTC)")


def test_what_lies_ahead_is_a_time() -> None:
    shown = ago(NOON + timedelta(hours=3), NOON, UTC, messages("en"))
    assert shown.text == "18 Jan 2026, 15:00"
