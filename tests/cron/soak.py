"""Cron left alone for a while: every minute a crawl of the sample sites, and what it costs.

    python -m tests.cron.soak [--minutes 15]

Prints a table by fifths of the time, and exits with 1 for an overlap of two runs of a site, a minute without a run,
or growth of memory or of open files by more than a tenth. The crontab of this user is put back at the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

import crawler.demo
from crawler.demo.server import serve
from crawler.schedule.user_crontab import read_crontab, write_crontab
from index.engine import open_index
from index.progress import progress_bar
from index.runs import RunDocument
from tests.cron.daemon import CronDaemon, cron_daemon

SAMPLES = Path(crawler.demo.__file__).parent
MINUTE = timedelta(minutes=1)
PARTS = 5
GROWTH = 1.1
LOOKS = 0.1  # seconds between two looks at the processes


@dataclass(slots=True)
class Seen:
    """The most that a crawl's process took: resident memory in MB, open files; and when it was first seen."""

    at: float
    memory: float = 0.0
    files: int = 0


@dataclass(slots=True)
class Watch:
    """All processes that cron has started, by pid."""

    processes: dict[int, Seen] = field(default_factory=dict)

    def look(self, daemon: CronDaemon) -> None:
        """Note what the crawls under way take now."""
        for pid in _below(daemon.pid):
            try:
                if b"crawl" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                    continue
                status = Path(f"/proc/{pid}/status").read_text("ascii")
                files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
            except OSError:
                continue  # it has ended
            seen = self.processes.setdefault(pid, Seen(time.monotonic()))
            peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
            seen.memory, seen.files = max(seen.memory, int(peak) / 1024), max(seen.files, files)


def _below(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


@contextmanager
def crontab_kept() -> Iterator[None]:
    """Put this user's crontab back at the end."""
    before = read_crontab()
    try:
        yield
    finally:
        write_crontab(before)


def soak(folder: Path, minutes: int, watch: Watch) -> list[RunDocument]:
    """Install the schedule, let cron crawl for so many minutes, remove it; the records of all runs."""
    shutil.copytree(SAMPLES / "sites", folder / "sites")
    for path in (folder / "sites").glob("*.example.toml"):
        path.write_text(f'schedule = "* * * * *"\nsitemap_days = 3650\n{path.read_text("utf-8")}', "utf-8")
    with crontab_kept(), cron_daemon() as daemon, serve(SAMPLES) as server:
        svodka(folder, server.address, "schedule", "install")
        begun = time.monotonic()
        with progress_bar("minutes") as shown:
            while (past := time.monotonic() - begun) < minutes * 60:
                watch.look(daemon)
                if shown:
                    shown("minutes", int(past // 60), minutes)
                time.sleep(LOOKS)
        svodka(folder, server.address, "schedule", "remove")
        daemon.wait_for_jobs()
    with closing(open_index(f"sqlite:///{folder}/var/news.db")) as index:
        if faults := index.check().faults:
            raise SystemExit("\n".join(faults))
        return index.runs(limit=100_000)


def svodka(folder: Path, proxy: str, *arguments: str) -> None:
    """A command as a user gives it in the folder."""
    environment = os.environ | {
        "SVODKA_SITES": "sites",
        "SVODKA_INDEX": "sqlite:///var/news.db",
        "http_proxy": proxy,
    }
    command = [str(Path(sys.executable).parent / "svodka"), *arguments]
    subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def faults_of(site: str, runs: Sequence[RunDocument]) -> Iterator[str]:
    """Minutes without a run, minutes with two, and runs that overlap, of one site."""
    ordered = sorted(runs, key=lambda run: run.started_at)
    for one, other in pairwise(ordered):
        apart = _minute(other.started_at) - _minute(one.started_at)
        if apart != MINUTE:
            yield f"{site}: {apart} between the runs of {one.started_at:%H:%M:%S} and {other.started_at:%H:%M:%S}"
        if other.started_at < one.finished_at:
            yield f"{site}: the run of {other.started_at:%H:%M:%S} began before the last had ended"


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def by_parts(watch: Watch) -> list[list[Seen]]:
    """The processes by fifths of the time."""
    seen = sorted(watch.processes.values(), key=lambda each: each.at)
    return [seen[len(seen) * part // PARTS : len(seen) * (part + 1) // PARTS] for part in range(PARTS)]


def main() -> int:
    """Print what was seen; the exit status of the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=int, default=15, help="how long (15)")
    minutes = parser.parse_args().minutes
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="svodka-soak-") as folder:
        runs = soak(Path(folder), minutes, watch)
    sites = sorted({run.site for run in runs})
    faults = [each for site in sites for each in faults_of(site, [run for run in runs if run.site == site])]
    parts = by_parts(watch)
    table = Table("crawls", "peak memory, MB", "most open files", box=None)
    for part in parts:
        table.add_row(
            str(len(part)), f"{max(each.memory for each in part):.1f}", str(max(each.files for each in part))
        )
    Console().print(table)
    for name in ("memory", "files"):
        first, last = (max(getattr(each, name) for each in part) for part in (parts[0], parts[-1]))
        if last > GROWTH * first:
            faults.append(f"{name} has grown from {first} to {last}")
    print(f"{len(runs)} runs of {len(sites)} sites in {minutes} minutes, {len(faults)} faults")
    print("\n".join(faults), end="\n" * bool(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
