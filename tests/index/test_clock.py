from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.clock import clock_at


def test_a_clock_that_is_set_stands_still_in_utc() -> None:
    clock = clock_at("2026-11-20T15:00:00+03:00")
    assert clock() == clock() == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert clock().utcoffset() == datetime.now(UTC).utcoffset()


@pytest.mark.parametrize("unset", ["", None])
def test_without_a_moment_it_is_the_real_clock(unset: str | None) -> None:
    before = datetime.now(UTC)
    assert before <= clock_at(unset)() <= datetime.now(UTC)


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no UTC offset"):
        clock_at("2026-11-20T12:00:00")
