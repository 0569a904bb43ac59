"""A real cron daemon fires real crawls, from the crontab that `svodka schedule install` wrote. Takes three minutes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

import crawler.demo
from crawler.demo.server import serve
from crawler.schedule.user_crontab import read_crontab, write_crontab
from index.engine import open_index
from tests.crawler.demo.expected import EXPECTED
from tests.cron.daemon import CronDaemon

pytestmark = pytest.mark.xdist_group("crontab")  # there is one; the others would only wait

SAMPLES = Path(crawler.demo.__file__).parent
FIRES = 3
# The sample pages stand in November 2026; they are crawled at whatever time it is.
MINUTELY = 'schedule = "* * * * *"\nsitemap_days = 3650\n'
LONGEST = 60 * (FIRES + 0.8)  # seconds: the first minute has begun already, and a crawl takes some
OTHERS = 'MAILTO=""\n# somebody else\'s line, without effect in these minutes\n0 4 29 2 * true # 50\\%\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk whose name has everything that a crontab and a shell take for their own; its sites want every minute."""
    folder = tmp_path / "50% of a desk's $HOME"
    shutil.copytree(SAMPLES / "sites", folder / "sites")
    for path in (folder / "sites").glob("*.example.toml"):
        path.write_text(MINUTELY + path.read_text("utf-8"), "utf-8")
    return folder


def svodka(folder: Path, proxy: str, *arguments: str) -> str:
    """What a command prints that a user gives in the desk's folder; it has to end well."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "SVODKA_SITES": "sites",
        "SVODKA_INDEX": "sqlite:///var/news.db", "http_proxy": proxy,
    }  # fmt: skip
    done = subprocess.run(
        [Path(sys.executable).parent / "svodka", *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_started(folder: Path, site: str) -> datetime | None:
    """When the last finished run of a site began."""
    if not (folder / "var/news.db").exists():
        return None
    with closing(open_index(f"sqlite:///{folder}/var/news.db")) as index:
        last = index.last_runs().get(site)
    return last.started_at if last else None


def wait_for_runs(folder: Path, sites: list[str]) -> dict[str, list[datetime]]:
    """Starts of every site, as many as wanted."""
    found: dict[str, list[datetime]] = {site: [] for site in sites}
    until = time.monotonic() + LONGEST
    while any(len(starts) < FIRES for starts in found.values()):
        assert time.monotonic() < until, f"cron has not fired: {found}\n{log_of(folder)}"
        for site, starts in found.items():
            start = run_started(folder, site)
            if start is not None and start not in starts:
                starts.append(start)
        time.sleep(1)
    return found


def log_of(folder: Path) -> str:
    log = folder / "var/log/svodka-crawl.log"
    return log.read_text("utf-8") if log.exists() else "no log"


def test_cron_crawls_every_minute_until_the_schedule_is_removed(cron: CronDaemon, folder: Path) -> None:
    sites = sorted(path.stem for path in (folder / "sites").glob("*.example.toml"))
    write_crontab(OTHERS)
    with serve(SAMPLES) as server:
        assert "added in the crontab" in svodka(folder, server.address, "schedule", "install")
        assert "* * * * * cd " in read_crontab()
        assert svodka(folder, server.address, "schedule", "install") == "the crontab is already so\n"
        starts = wait_for_runs(folder, sites)
        shown = svodka(folder, server.address, "schedule", "show")
        svodka(folder, server.address, "schedule", "remove")
        assert read_crontab() == OTHERS
        cron.wait_for_jobs()
        assert not server.errors
    for site, moments in starts.items():
        minutes = {moment.replace(second=0, microsecond=0) for moment in moments}
        assert len(minutes) == FIRES, f"{site} ran twice in a minute: {moments}"
        assert site in shown
    assert "never" not in shown
    assert "meridian-wire.example" not in log_of(folder)  # all is well there
    assert "ERROR: zapiski.example: feed http://zapiski.example/feed.xml: not a feed" in log_of(folder)
    with closing(open_index(f"sqlite:///{folder}/var/news.db")) as index:
        assert index.stats()["articles"] == EXPECTED["first"]["counts"]["articles"]  # each once
        assert index.check().faults == []
