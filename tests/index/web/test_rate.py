from __future__ import annotations

import pytest

from index.web.rate import Rate


def test_a_burst_then_the_pace() -> None:
    rate = Rate(per_second=2, burst=3, clients=10)
    assert [rate.wait("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.wait("a", 0.5) == 0
    assert rate.wait("a", 0.5) == 0.5
    assert rate.wait("a", 100.0) == 0


def test_a_refusal_costs_nothing() -> None:
    rate = Rate(per_second=1, burst=1, clients=10)
    assert rate.wait("a", 0) == 0
    assert [rate.wait("a", 0.5) for _ in range(5)] == [0.5] * 5
    assert rate.wait("a", 1.0) == 0


def test_clients_have_buckets_of_their_own() -> None:
    rate = Rate(per_second=1, burst=1, clients=10)
    assert [rate.wait(client, 0) for client in "abab"] == [0, 0, 1, 1]


def test_memory_is_bounded() -> None:
    rate = Rate(per_second=1, burst=1, clients=3)
    for client in range(1_000):
        assert rate.wait(str(client), 0) == 0
    assert len(rate._buckets) == 3
    assert rate.wait("999", 0) == pytest.approx(1)
