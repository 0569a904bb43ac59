from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.clock import clock_at, clock_fault


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


@pytest.mark.parametrize("wrong", ["xx", "2026-13-01T00:00Z", "0001-01-01T00:00+14:00", "2026-11-20"])
def test_what_is_no_moment_is_told_in_one_line(wrong: str) -> None:
    fault = clock_fault(wrong)
    assert fault.startswith(f"SVODKA_NOW={wrong!r} ")
    assert fault.endswith(("'2026-11-20T12:00:00+00:00' is one", "'2026-11-20T12:00:00+00:00' has"))
    assert "\n" not in fault


@pytest.mark.parametrize("right", ["", None, "2026-11-20T12:00Z"])
def test_a_clock_without_a_fault(right: str | None) -> None:
    assert clock_fault(right) == ""
