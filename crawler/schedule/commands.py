"""`svodka schedule show | install | remove | next | explain`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.choice import NoSuchSites, add_folder, chosen, proven_folder
from index.cli import add_address, add_zone, at_least, print_json
from index.clock import process_clock
from index.exit_codes import FAILED, INDEX, OK, USAGE

if TYPE_CHECKING:
    from crawler.schedule.due import Turn
    from crawler.site import Site

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_HELP = """\
examples:
  svodka schedule install --dry-run     the lines that would go into your crontab
  svodka schedule install               put them there; 'svodka schedule remove' takes them away
  svodka schedule show                  every site: how often, when last, when next
  svodka schedule next --count 20       the coming runs
  svodka schedule explain ria.ru        one site: its runs, whether it is due, what summer time does to it

exit codes: 0 done, 1 a site file has faults, 2 an option is wrong, or the crontab cannot be used (nothing was
            changed), 3 the index cannot be opened. More: docs/schedule.md
"""


def add_schedule(commands: Commands) -> None:
    """Add `schedule` to a command line; each of its actions sets `run`, a handler that returns the exit code."""
    parser = commands.add_parser(
        "schedule",
        help="let cron or systemd crawl the sites, and see when",
        description="Tells when sites are crawled, and has cron or systemd do it.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    _add_show(actions)
    _add_install(actions)
    _add_remove(actions)
    _add_next(actions)
    _add_explain(actions)


def _action(
    actions: Commands, name: str, purpose: str, example: str, run: Callable[..., int]
) -> argparse.ArgumentParser:
    parser = actions.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example: svodka schedule {example}",
    )
    parser.set_defaults(run=lambda args: _told(run, args))
    return parser


def _add_show(actions: Commands) -> None:
    show = _action(
        actions, "show", "every site: how often, when last, when next", "show --zone Europe/Kyiv", _show
    )
    show.add_argument("names", nargs="*", metavar="SITE", help="names of site files; none: all")
    show.add_argument("--json", action="store_true", help="print it as one JSON object")
    add_zone(show, "what is shown")
    add_address(show)
    add_folder(show)


def _add_install(actions: Commands) -> None:
    install = _action(
        actions, "install", "write the crontab's lines, or systemd's units", "install --dry-run", _install
    )
    install.add_argument("--dry-run", action="store_true", help="print them and change nothing")
    install.add_argument(
        "--every", type=at_least(1), metavar="N",
        help="look every N minutes which sites are due (5, or fewer where a site wants that or another minute)",
    )  # fmt: skip
    install.add_argument(
        "--per-site",
        action="store_true",
        help="a line for each site instead; summer time is then yours to follow",
    )
    install.add_argument(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="a problem a line, or a JSON object (text)",
    )
    install.add_argument("--log-dir", type=Path, metavar="DIR", help="folder of the logs (var/log)")
    install.add_argument(
        "--format", choices=("crontab", "systemd"), default="crontab", help="default: crontab"
    )
    install.add_argument(
        "--output", type=Path, metavar="DIR", help="folder of systemd's units (~/.config/systemd/user)"
    )
    # Not add_address: an index that is not named here has to stay unnamed in the crontab.
    install.add_argument(
        "--index",
        dest="scheduled_index",
        default="",
        metavar="ADDRESS",
        help="index to crawl into (SVODKA_INDEX)",
    )
    add_folder(install)


def _add_remove(actions: Commands) -> None:
    remove = _action(actions, "remove", "take the lines out of the crontab", "remove", _remove)
    remove.add_argument("--dry-run", action="store_true", help="print them and change nothing")


def _add_next(actions: Commands) -> None:
    coming = _action(
        actions,
        "next",
        "the coming runs in their order, by the schedules alone",
        "next --at 2026-03-29T00:00",
        _next,
    )
    coming.add_argument("names", nargs="*", metavar="SITE", help="names of site files; none: all")
    coming.add_argument("--at", metavar="TIME", help="from this time on, in --zone (now)")
    coming.add_argument("--count", type=at_least(1), default=10, metavar="N", help="so many runs (10)")
    add_zone(coming, "what is shown")
    add_folder(coming)


def _add_explain(actions: Commands) -> None:
    explain = _action(actions, "explain", "all about one site's schedule", "explain ria.ru", _explain)
    explain.add_argument("names", nargs=1, metavar="SITE", help="name of a site file")
    add_address(explain)
    add_folder(explain)


def _told(run: Callable[..., int], args: argparse.Namespace) -> int:
    """A command that tells why it was refused."""
    from crawler.schedule.refusal import ScheduleRefused
    from index.backend import BackendError

    try:
        return run(args)
    except (ScheduleRefused, NoSuchSites, BackendError) as error:
        print(f"svodka schedule: {error}", file=sys.stderr)
        return INDEX if isinstance(error, BackendError) else USAGE


def _show(args: argparse.Namespace) -> int:
    from crawler.console import console, print_table
    from crawler.schedule.outlook import as_json, table

    sites, code = _sites(args)
    now = process_clock()()
    turns = _turns(args.index, sites, now)
    if args.json:
        print_json(
            {"now": now.isoformat(), "sites": [as_json(site, turns[site.name], now) for site in sites]}
        )
    else:
        print_table(table(sites, turns, now, args.zone), console())
    return code


def _next(args: argparse.Namespace) -> int:
    from crawler.schedule.moments import shown, until
    from crawler.schedule.outlook import coming

    sites, code = _sites(args)
    now = process_clock()()
    at = _moment(args.at, args.zone) if args.at else now
    width = max((len(site.name) for site in sites), default=0)
    for run, name in coming(sites, at, args.count):
        distance = "" if args.at else until(run, now)
        print(f"{shown(run, args.zone)}  {name:<{width}}  {distance}".rstrip())
    return code


def _explain(args: argparse.Namespace) -> int:
    from crawler.schedule.due_sites import hold_until
    from crawler.schedule.outlook import explained
    from index.engine import open_index

    sites, code = _sites(args)
    for site in sites:
        now = process_clock()()
        turn = _turns(args.index, [site], now)[site.name]
        hold = None
        if not _missing(args.index):
            with closing(open_index(args.index, create=False)) as backend:
                hold = hold_until(backend, site.name)
        print("\n".join(explained(site, turn, hold, now)))
    return code


def _install(args: argparse.Namespace) -> int:
    from crawler.schedule.install import install

    args.names, args.index = [], args.scheduled_index
    sites, code = _sites(args)
    return install(args, sites) or code


def _remove(args: argparse.Namespace) -> int:
    from crawler.schedule.install import remove

    return remove(args)


def _sites(args: argparse.Namespace) -> tuple[list[Site], int]:
    """The sites that are meant, and the exit code that the faults of site files are worth."""
    from crawler.site import load_sites

    sites, faults = load_sites(proven_folder(args.folder))
    meant = chosen(args.names, sites, {fault.path.stem for fault in faults})
    told = [fault for fault in faults if not args.names or fault.path.stem in args.names]
    for fault in told:
        print(f"! {fault}", file=sys.stderr)
    return meant, FAILED if told else OK


def _turns(index: str, sites: list[Site], now: datetime) -> dict[str, Turn]:
    """The turns of sites; of an index that was never made, that nothing has run yet."""
    from crawler.schedule.due import due_turns
    from crawler.schedule.due_sites import turns_of
    from index.engine import open_index

    if _missing(index):
        return {turn.site: turn for turn in due_turns(sites, {}, now)}
    with closing(open_index(index, create=False)) as backend:
        return {turn.site: turn for turn in turns_of(backend, sites, now)}


def _missing(index: str) -> bool:
    """Whether the index is a file that the first crawl will make."""
    from index.engine import index_file

    return index.startswith("sqlite:") and index_file(index) is None


def _moment(text: str, zone: tzinfo) -> datetime:
    """The moment of --at: a date, or a date and time, in a zone unless it has an offset."""
    from crawler.schedule.refusal import ScheduleRefused

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ScheduleRefused(f"--at {text!r} is no time; 2026-03-29 and 2026-03-29T01:30 are") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
