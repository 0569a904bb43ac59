"""The sites as a table that is understood at a glance: problems first, colour on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.console import print_table

if TYPE_CHECKING:
    from rich.console import Console

    from crawler.status.site import SiteStatus, State

COLOURS: dict[State, str] = {
    "failing": "red",
    "late": "yellow",
    "empty": "yellow",
    "layout": "yellow",
    "running": "cyan",
    "ok": "green",
    "never run": "dim",
}


def print_sites(sites: Sequence[SiteStatus], now: datetime, console: Console) -> None:
    """One row for each site that has run, one line for those that have not."""
    from rich.table import Table

    ran = [site for site in sites if site.state != "never run"]
    if ran:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("site", no_wrap=True)
        table.add_column("state", no_wrap=True)
        for name in ("last run", "new in 24 h", "newest article", "failed"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("", overflow="fold")
        for site in ran:
            table.add_row(*_row(site, now))
        print_table(table, console)
    never = [site.site for site in sites if site.state == "never run"]
    if never:
        console.print(f"never run: {', '.join(never)}", style="dim", highlight=False, markup=False)


def _row(site: SiteStatus, now: datetime) -> list[str]:
    from rich.markup import escape

    state = site.state if site.running is None or site.state == "running" else f"{site.state}, running"
    where = f"on {site.running}" if site.running else ""
    hold = f"asks to be left alone until {site.held_until:%F %R} UTC" if site.held_until else ""
    return [
        site.site,
        f"[{COLOURS[site.state]}]{state}[/]",
        age(site.last_run, now),
        f"{site.new:,}" if site.last_run else "",
        age(site.newest_published_at, now),
        f"{site.failed:,}" if site.failed else "",
        escape("; ".join([*site.problems, *filter(None, [where, hold])])),
    ]


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago: '40 s', '12 min', '5 h', '3 days'; '' for None."""
    if moment is None:
        return ""
    passed = max(now - moment, timedelta())
    if passed < timedelta(minutes=1):
        return f"{passed.seconds} s"
    if passed < timedelta(hours=2):
        return f"{passed.seconds // 60} min"
    return f"{passed // timedelta(hours=1)} h" if passed < timedelta(days=2) else f"{passed.days} days"
