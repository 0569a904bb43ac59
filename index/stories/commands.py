"""`svodka stories` and `svodka sources`: what was republished most, and who republishes whom."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from index.cli import add_address, add_zone, at_least, opened, print_json, terminal_style
from index.clock import process_clock
from index.exit_codes import OK, USAGE

if TYPE_CHECKING:
    from index.backend import Backend

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

TOP = 10  # stories where no number is given
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
  svodka sources --since 2026-10 --until 2026-11    a month, to set beside another
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
    _add_time(
        parser,
        "24h",
        "the original or a copy was published at or after this time",
        "the original was published",
    )
    parser.add_argument(
        "--top",
        type=_top,
        default=TOP,
        const=TOP,
        nargs="?",
        metavar="N",
        help=f"so many ({TOP}), at most {MOST:,}",
    )
    parser.add_argument("--site", type=_site, metavar="NAME", help="only originals of this site: ria.ru")
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
    _add_time(parser, "30d", "the copy was published at or after this time", "the copy was published")
    parser.add_argument(
        "--top", type=at_least(1), default=20, const=20, nargs="?", metavar="N", help="so many pairs (20)"
    )
    parser.add_argument("--site", type=_site, metavar="NAME", help="only copies on this site: lenta.ru")
    _add_rest(parser)
    parser.set_defaults(run=_sources)


def _add_time(parser: argparse.ArgumentParser, since: str, after: str, before: str) -> None:
    parser.add_argument("--since", metavar="TIME", help=f"{after} ({since})")
    parser.add_argument("--until", metavar="TIME", help=f"{before} before this time")
    parser.set_defaults(default_since=since)


def _add_rest(parser: argparse.ArgumentParser) -> None:
    add_zone(parser, "dates, read and shown")
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    add_address(parser)


def _top(text: str) -> int:
    number = at_least(1)(text)
    if number > MOST:
        raise argparse.ArgumentTypeError(f"{text} is more than {MOST:,}")
    return number


def _site(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of a site is missing")
    return text.strip()


def _stories(args: argparse.Namespace) -> int:
    from index.stories.tables import no_stories, stories_table
    from index.stories.top import Asked, top_stories

    now = process_clock()()
    asked = Asked(*_time(args, now), args.site or "", args.top)
    with opened(args.index) as backend:
        top = top_stories(backend, asked)
        counts = {} if top.stories else _counts_of_none(args, backend)
    style = terminal_style(args.zone)
    if args.json:
        print_json(top.as_json())
    else:
        sys.stdout.write(stories_table(top, style) if top.stories else no_stories(top, counts, now, style))
    return OK


def _counts_of_none(args: argparse.Namespace, backend: Backend) -> dict[str, int]:
    """What the index holds, where nothing was found; a site that it knows nothing of ends the command."""
    from index.stories.site import unknown_site

    if args.site and (reason := unknown_site(backend, args.site)):
        _refuse(args, f"--site: {reason}")
    return backend.stats()


def _time(args: argparse.Namespace, now: datetime) -> tuple[datetime, datetime | None]:
    """The moments of --since and --until; ends the command where they leave no time between them."""
    since = _moment(args, "since", args.since if args.since is not None else args.default_since, now)
    until = _moment(args, "until", args.until, now) if args.until is not None else None
    if until is not None and until <= since:
        of = (
            f"--since {args.since}"
            if args.since
            else f"the beginning, {args.default_since} back from now: give --since"
        )
        _refuse(args, f"--until {args.until} is not after {of}")
    return since, until


def _sources(args: argparse.Namespace) -> int:
    from index.stories.tables import no_sources, sources_table
    from index.stories.top import SourcesAsked
    from index.timestamp import timestamp

    now = process_clock()()
    asked = SourcesAsked(*_time(args, now), args.site or "")
    with opened(args.index) as backend:
        found = [
            each
            for each in backend.republished(asked.since, asked.until)
            if asked.site.casefold() in {"", each.outlet.casefold()}
        ]
        counts = {} if found else _counts_of_none(args, backend)
    shown = found[: args.top]
    if args.json:
        sources = [
            {"outlet": each.outlet, "source": {"name": each.source, "domain": each.domain}, "copies": each.copies}
            for each in shown
        ]  # fmt: skip
        until = timestamp(asked.until) if asked.until else None
        period = {"since": timestamp(asked.since), "until": until, "site": asked.site or None}
        print_json({**period, "total": len(found), "sources": sources})
        return OK
    style = terminal_style(args.zone)
    text = sources_table(shown, len(found), asked, style) if found else no_sources(asked, counts, now, style)
    sys.stdout.write(text)
    return OK


def _moment(args: argparse.Namespace, option: str, given: str, now: datetime) -> datetime:
    """The moment that --since or --until means; a text that is none ends the command."""
    from index.search.dates import option_moment

    try:
        return option_moment(f"--{option}", given, args.zone, now)
    except ValueError as error:
        _refuse(args, str(error))


def _refuse(args: argparse.Namespace, reason: str) -> NoReturn:
    command = "sources" if args.run is _sources else "stories"
    print(f"svodka {command}: {reason}", file=sys.stderr)
    raise SystemExit(USAGE)
