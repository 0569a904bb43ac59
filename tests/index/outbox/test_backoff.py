from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.outbox.backoff import CEILING, FLOOR, LONGEST, delay


@pytest.mark.parametrize(
    ("failures", "draw", "retry_after", "seconds"),
    [
        (1, 0.5, None, 1.0),
        (3, 0.5, None, 4.0),
        (3, 0.0, None, FLOOR),
        (5, 1.0, None, 32.0),
        (9, 1.0, None, CEILING),
        (10**6, 1.0, None, CEILING),
        (1, 0.0, 17.5, 17.5),
        (9, 1.0, 17.5, CEILING),
        (1, 0.0, 10**9, LONGEST),
        (1, 0.0, float("inf"), LONGEST),
        (1, 0.0, float("nan"), FLOOR),
        (1, 0.0, -5.0, FLOOR),
        (1, 0.0, 0.0, FLOOR),
    ],
)
def test_delay(failures: int, draw: float, retry_after: float | None, seconds: float) -> None:
    assert delay(failures, lambda: draw, retry_after) == pytest.approx(seconds)


@given(st.integers(1, 10_000), st.floats(0, 1), st.none() | st.floats())
def test_never_less_than_the_floor_nor_than_was_asked_nor_more_than_the_longest(
    failures: int, draw: float, retry_after: float | None
) -> None:
    wait = delay(failures, lambda: draw, retry_after)
    assert FLOOR <= wait <= LONGEST
    assert retry_after is None or not retry_after > wait or wait == LONGEST


def test_processes_that_failed_together_come_back_apart() -> None:
    draws = [number / 10 for number in range(10)]
    waits = {delay(6, lambda draw=draw: draw) for draw in draws}  # type: ignore[misc]  # mypy has no type for it
    assert len(waits) == 10
