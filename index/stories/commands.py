"""`svodka stories` and `svodka sources`: what was republished most, and who republishes whom."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from index.cli import add_address, at_least, opened, print_json, terminal_style, time_zone
from index.clock import clock_at
from index.exit_codes import OK, USAGE

if TYPE_CHECKING:
    from index.stories.top import Asked

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

MOST = 1_000  # stories of one answer: the members of each are read
_CODES = """
exit codes: 0 done, also when there is none; 2 an option is wrong; 3 the index does not answer or cannot be opened
"""
_STORIES_HELP = f"""\
examples:
  svodka stories                                    the ten most republished stories of the last 24 hours
  svodka stories --since 7d --top 20 --site tass.ru those of a week that one site had first
  svodka stories --since 2026-11-01 --until 2026-12-01 --json | jq '.stories[].copies'

Times: 90m, 24h, 7d, 2w (back from now), or a date: 2026-11-20, 2026-11-20T12:00, 2026-11. The articles of a
story: svodka search --copies 'story:ID'. More: docs/stories.md
{_CODES}"""
_SOURCES_HELP = f"""\
examples:
  svodka sources                                    the last 30 days
  svodka sources --since 2w --top 50
  svodka sources --json | jq '.sources[] | select(.source.domain == "tass.ru") | .outlet'

Times: 90m, 24h, 7d, 2w (back from now), or a date: 2026-11-20, 2026-11-20T12:00, 2026-11. More: docs/stories.md
{_CODES}"""


def add_stories(commands: Commands) -> None:
    """Add `stories` to a command line; it sets `run`, a handler that returns the exit code."""
    parser = commands.add_parser(
        "stories",
        help="list the most republished stories",
        description="Lists the stories with the most copies: when they were copied, by which sites, whose they are.",
        epilog=_STORIES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_since(parser, "24h", "the original was published at or after this time")
    parser.add_argument("--until", metavar="TIME", help="and before this time")
    parser.add_argument("--top", type=_top, default=10, metavar="N", help=f"so many (10), at most {MOST:,}")
    parser.add_argument("--site", default="", metavar="NAME", help="only originals of this site: ria.ru")
    _add_rest(parser)
    parser.set_defaults(run=_stories)


def add_sources(commands: Commands) -> None:
    """Add `sources` to a command line; it sets `run`, a handler that returns the exit code."""
    parser = commands.add_parser(
        "sources",
        help="list who republishes whom",
        description="Lists which site published how many texts of which other house, most first.",
        epilog=_SOURCES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_since(parser, "30d", "the copy was published at or after this time")
    parser.add_argument("--top", type=at_least(1), default=20, metavar="N", help="so many pairs (20)")
    _add_rest(parser)
    parser.set_defaults(run=_sources)


def _add_since(parser: argparse.ArgumentParser, default: str, meaning: str) -> None:
    parser.add_argument("--since", default=default, metavar="TIME", help=f"{meaning} ({default})")


def _add_rest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--zone", type=time_zone, default="UTC", metavar="ZONE", help="time zone of dates, read and shown (UTC)"
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    add_address(parser)


def _top(text: str) -> int:
    number = at_least(1)(text)
    if number > MOST:
        raise argparse.ArgumentTypeError(f"{text} is more than {MOST:,}")
    return number


def _stories(args: argparse.Namespace) -> int:
    from index.stories.tables import no_stories, stories_table
    from index.stories.top import top_stories

    asked = _asked(args)
    with opened(args.index) as backend:
        top = top_stories(backend, asked)
        pending = 0 if top.stories or args.json else backend.stats()["pending"]
    if args.json:
        print_json(top.as_json())
        return OK
    style = terminal_style(args.zone)
    sys.stdout.write(stories_table(top, style) if top.stories else no_stories(top, pending, style))
    return OK


def _asked(args: argparse.Namespace) -> Asked:
    from index.stories.top import Asked

    now = _now()
    since = _moment(args, "since", now)
    until = _moment(args, "until", now) if args.until is not None else None
    if until is not None and until <= since:
        _refuse(args, f"--until {args.until} is not after --since {args.since}")
    return Asked(since, until, args.site.strip(), args.top)


def _sources(args: argparse.Namespace) -> int:
    from index.stories.tables import no_sources, sources_table
    from index.stories.top import iso

    since = _moment(args, "since", _now())
    with opened(args.index) as backend:
        found = backend.republished(since)
        pending = 0 if found or args.json else backend.stats()["pending"]
    shown = found[: args.top]
    if args.json:
        sources = [
            {"outlet": each.outlet, "source": {"name": each.source, "domain": each.domain}, "copies": each.copies}
            for each in shown
        ]  # fmt: skip
        print_json({"since": iso(since), "total": len(found), "sources": sources})
        return OK
    style = terminal_style(args.zone)
    text = sources_table(shown, len(found), since, style) if found else no_sources(since, pending, style)
    sys.stdout.write(text)
    return OK


def _now() -> datetime:
    return clock_at(os.environ.get("SVODKA_NOW"))()


def _moment(args: argparse.Namespace, option: str, now: datetime) -> datetime:
    """The moment that --since or --until means; a text that is none ends the command."""
    from index.search.dates import FORMS, moment

    given: str = getattr(args, option)
    try:
        return moment(given.strip(), args.zone, now)
    except ValueError as error:
        _refuse(args, f"--{option} {given!r} is no date ({error}): write {FORMS}")


def _refuse(args: argparse.Namespace, reason: str) -> NoReturn:
    command = "sources" if args.run is _sources else "stories"
    print(f"svodka {command}: {reason}", file=sys.stderr)
    raise SystemExit(USAGE)
