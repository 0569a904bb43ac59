"""Waiting until Kibana is ready, on a clock of its own."""

from __future__ import annotations

import pytest

from index.kibana.address import Address
from index.kibana.answer import KibanaUnavailable, KibanaUnreachable
from index.kibana.client import Kibana
from index.kibana.patience import Patience
from index.kibana.ready import wait_until_ready
from index.settings import KibanaSettings
from tests.index.kibana.stub import StubKibana, host_of


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.pauses = 100.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


def patience(time: Time, seconds: float) -> Patience:
    return Patience(seconds, lambda: time.now, time.sleep)


def wait(stub: StubKibana, time: Time, seconds: float = 60) -> list[str]:
    """The lines that were told until Kibana was ready."""
    told: list[str] = []
    with Kibana(Address.of(stub.url), KibanaSettings(), patience(time, seconds)) as there:
        assert wait_until_ready(there, told.append).version == stub.version
    return [each.replace(host_of(stub.url), "PLACE") for each in told]


def test_ready_at_once(stub: StubKibana, time: Time) -> None:
    assert (wait(stub, time, 0), time.pauses) == ([], [])


def test_server_that_starts_then_its_parts(stub: StubKibana, time: Time) -> None:
    stub.starting, stub.levels = 3, ["unavailable", "critical", "available"]
    assert wait(stub, time) == [
        "waiting for Kibana: Kibana at PLACE is not ready (503): Kibana server is not ready yet",
        "waiting for Kibana: Kibana at PLACE is not ready (503): unavailable: All services are unavailable",
        "waiting for Kibana: Kibana at PLACE is critical: All services are critical",
    ]
    assert time.pauses == [2.0] * 5  # not the 30 seconds that it asks for


def test_end_of_patience(stub: StubKibana, time: Time) -> None:
    stub.starting = 1000
    with pytest.raises(KibanaUnreachable, match=r"not ready yet; it was not ready within 7 s \(--wait"):
        wait(stub, time, 7)
    assert time.pauses == [2.0] * 3


def test_what_waiting_does_not_mend(stub: StubKibana, time: Time) -> None:
    stub.version = "8.18.0"
    with pytest.raises(KibanaUnavailable, match="too old"):
        wait(stub, time)
    assert time.pauses == []


@pytest.mark.parametrize(("asked", "slept"), [(None, [2.0]), (5.0, [5.0]), (0.0, [0.1]), (11.0, [])])
def test_patience(time: Time, asked: float | None, slept: list[float]) -> None:
    assert patience(time, 10).pause(asked) is bool(slept)
    assert time.pauses == slept
