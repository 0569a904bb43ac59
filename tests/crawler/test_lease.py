"""The lease on an index of every engine, with two machines' clocks."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crawler.lease import LEASE, SKEW, Lease, is_held
from crawler.lock import SiteLocked
from index.backend import Backend
from index.engine import open_index
from index.outbox.backend import OutboxBackend
from tests.index.outbox.conftest import Time, backend, outbox, remote, time  # noqa: F401 - fixtures
from tests.index.outbox.remote import FileRemote


def lease(index: Backend, clock: Time, host: str) -> Lease:
    return Lease(index, "a.example", clock=clock, host=host, owner=host)


def test_one_machine_has_it_at_a_time(tmp_path: Path, time: Time) -> None:  # noqa: F811 - the fixture
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as index:
        one, two = lease(index, time, "one"), lease(index, time, "two")
        assert one.take()
        assert one.take(), "its own"
        with pytest.raises(SiteLocked, match="one crawls it"):
            two.take()
        two.release()
        assert two.renew() == "lost"
        one.release()
        assert two.take()
        assert Lease(index, "b.example", clock=time, owner="one").take()


def test_one_that_died_is_taken_over_once_it_has_expired(tmp_path: Path, time: Time) -> None:  # noqa: F811
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as index:
        one, two = lease(index, time, "one"), lease(index, time, "two")
        one.take()
        time.now += LEASE - 1
        assert one.renew() == "held"
        time.now += LEASE + SKEW - 1
        with pytest.raises(SiteLocked):
            two.take()
        time.now += 2
        assert two.take()
        assert one.renew() == "lost"
        one.release()
        assert two.renew() == "held"


def test_one_that_died_under_the_lock_that_we_hold_is_taken_over_at_once(tmp_path: Path, time: Time) -> None:  # noqa: F811
    """kill -9: the kernel gives the lock back, nobody the lease."""
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as index:
        died, next_run = (
            Lease(index, "a.example", clock=time, owner=owner, place="host:/locks/a")
            for owner in ("one", "two")
        )
        assert died.take()
        assert next_run.take()
        with pytest.raises(SiteLocked):
            Lease(index, "a.example", clock=time, place="other:/locks/a").take()


def test_clocks_may_differ_by_less_than_a_minute(tmp_path: Path, time: Time) -> None:  # noqa: F811
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as index:
        for skew in (-SKEW + 1, SKEW - 1):
            lease(index, time, "one").take()
            with pytest.raises(SiteLocked):
                lease(index, Time(time.now + skew), "two").take()


def test_a_cluster_that_is_away_is_no_obstacle(
    backend: OutboxBackend,  # noqa: F811
    remote: FileRemote,  # noqa: F811
    time: Time,  # noqa: F811
) -> None:
    one = lease(backend, time, "one")
    remote.script("down")
    assert not one.take()
    assert one.renew() == "away"
    one.release()
    remote.unscript("down")
    time.now += 600
    assert one.renew() == "held"
    remote.script("down")
    one.release()
    time.now += 1
    remote.unscript("down")
    backend.wake()
    time.now += 600
    assert lease(backend, time, "two").take()


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({}, False),
        ({"until": "tomorrow"}, False),
        ({"until": 1_000.0}, True),
        ({"until": 1_000.0 - SKEW}, False),
        ({"until": 1_000.0 + LEASE + SKEW}, True),
        ({"until": 1e12}, False),
    ],
)
def test_what_is_believed(held: dict[str, object], expected: bool) -> None:
    assert is_held(held, 1_000.0) is expected
