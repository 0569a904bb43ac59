"""Fixtures of the real crontab and a real cron daemon, and what the run says when there can be none.

A test that asks for `own_crontab` has this user's crontab to itself, over all test runs of this machine, and
what was in it is put back whatever happens: at the end of the test, or by the next run if this one is killed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cron.daemon import CronDaemon, NoDaemonError, cron_daemon
from tests.missing import give_up, tell_skipped

NO_CRON = "no cron: "
INSTALL = "install it: apt-get install --no-install-recommends cron"
_FIXTURES = frozenset({"own_crontab", "cron"})


@pytest.fixture
def own_crontab() -> Iterator[None]:
    """This user's crontab, deleted for the test."""
    if shutil.which("crontab") is None:
        give_up(NO_CRON, INSTALL)
    place = Path(tempfile.gettempdir()) / f"svodka-crontab-{os.getuid()}"
    kept = place.with_suffix(".kept")
    with place.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():  # a run was killed
            _restore(kept)
        kept.write_bytes(_exact())
        try:
            subprocess.run(["crontab", "-r"], capture_output=True)
            yield
        finally:
            _restore(kept)


@pytest.fixture
def cron(own_crontab: None, tmp_path: Path) -> Iterator[CronDaemon]:
    """A cron daemon at work: the machine's, or one that is started and ended."""
    if shutil.which("cron") is None:
        give_up(NO_CRON, INSTALL)
    try:
        with cron_daemon() as daemon:
            yield daemon
    except NoDaemonError as error:
        give_up(NO_CRON, f"{error}; run the tests as root, or start the machine's cron")


def _exact() -> bytes:
    """The crontab as an editor is shown it: `crontab -l` of Debian changes carriage returns."""
    if subprocess.run(["crontab", "-l"], capture_output=True).returncode:
        return b""  # without this, the editor would be shown an example
    environment = os.environ | {"VISUAL": "cat", "EDITOR": "cat"}
    return subprocess.run(["crontab", "-e"], capture_output=True, check=True, env=environment).stdout


def _restore(kept: Path) -> None:
    text = kept.read_bytes()
    arguments = ["crontab", "-"] if text else ["crontab", "-r"]
    done = subprocess.run(arguments, input=text, capture_output=True)
    if text and done.returncode:
        pytest.fail(
            f"the crontab could not be restored; it is in {kept}: {done.stderr.decode()}", pytrace=False
        )
    kept.unlink()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whoever asks for the crontab is marked `cron`."""
    if _FIXTURES.intersection(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.cron)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """After everything else, say what was skipped for want of cron and how to have it."""
    yield
    tell_skipped(session, NO_CRON)
