"""The commands of `svodka` on the index: `search`, `index check | stats | reconcile | replay | rebuild | init | upgrade`.

`stories` and `sources` are in `index.stories.commands`, `kibana` in `index.kibana.commands`; `serve` (`crawler.serve`)
and `status` (`crawler.status`) know of crawls.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from index.arguments import SearchParser
from index.backend import BackendError
from index.elastic.commands import add_actions
from index.engine import configured_index, look_at_index, open_index
from index.exit_codes import FAILED, INDEX, OK, USAGE
from index.progress import progress_bar
from index.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from index.backend import Backend
    from index.search.render import Style

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_PIPED_WIDTH = 100  # columns where the output is no terminal
MIN_WIDTH = 24  # of a narrower terminal lines run over
_MAX_WIDTH = 120  # longer lines are hard to read

_SEARCH_HELP = """\
examples:
  svodka search угроза Байдена                     both words, in any inflected form
  svodka search '"гарантии безопасности" -спорт'   a phrase, and not a word
  svodka search 'title:НАТО source:ТАСС after:7d'  fields; also author: site: lang: section: before:
  svodka search '(угроз* OR риск) site:ria.ru'     beginnings, alternatives, parentheses
  svodka search -- -спорт                          all but a word; after '--' nothing is an option

Put the query in single quotes: the shell keeps " ( ) * for itself. Arguments are joined by blanks.
The whole language: docs/search.md

exit codes: 0 done, also when nothing was found; 2 the query or an option is wrong; 3 the index cannot be opened
"""
_INDEX_HELP = """\
exit codes: 0 done, 1 the check found faults, or a replay left something or had something refused,
            2 an option is wrong, 3 the index does not answer or cannot be opened or written
"""


def add_commands(subparsers: Commands) -> None:
    """Add the commands on the index to a command line; each sets `run`, a handler that returns the exit code."""
    from index.kibana.commands import add_kibana
    from index.stories.commands import add_sources, add_stories

    _add_search(subparsers)
    add_stories(subparsers)
    add_sources(subparsers)
    _add_index(subparsers)
    add_kibana(subparsers)


def _add_search(subparsers: Commands) -> None:
    parser = subparsers.add_parser(
        "search",
        help="search the crawled articles",
        description="Searches titles, texts and authors; one hit for each story. Without a query: the newest.",
        epilog=_SEARCH_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.__class__ = SearchParser  # add_parser offers no way to name the class of one command
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to look for")
    parser.add_argument("--copies", action="store_true", help="list every article, the copies in a story too")
    parser.add_argument(
        "--sort",
        choices=("score", "date", "copies"),
        help="default: score when there are words, else date; copies: the most republished first",
    )
    parser.add_argument("--limit", type=at_least(1), default=10, metavar="N", help="hits on a page (10)")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--page", type=at_least(1), default=1, metavar="N", help="which page (1)")
    place.add_argument(
        "--offset", type=at_least(0), metavar="N", help="hits to leave out before the first shown"
    )
    add_zone(parser, "dates, read and shown")
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    add_address(parser)
    parser.set_defaults(run=_search)


def _add_index(subparsers: Commands) -> None:
    parser = subparsers.add_parser("index", help="look after the index", epilog="example: svodka index check")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    _action(actions, "check", "prove that the index is consistent", _check)
    stats = _action(actions, "stats", "count articles, stories, copies, sites and bytes", _stats)
    stats.add_argument("--json", action="store_true", help="print the counts as one JSON object")
    reconcile = _action(
        actions,
        "reconcile",
        "put articles into stories that a run left unlinked, or judge stored ones anew",
        _reconcile,
    )
    resend = _action(actions, "replay", "send what waits for an index that was down, then link it", _replay)
    resend.add_argument("--dead", action="store_true", help="send again what the index had refused")
    _action(actions, "rebuild", "make the text index anew from the stored articles", _rebuild)
    add_actions(actions, add_address)
    which = reconcile.add_mutually_exclusive_group()
    which.add_argument("--limit", type=at_least(1), metavar="N", help="link at most N articles")
    which.add_argument(
        "--since", metavar="TIME", help="judge all articles fetched since then anew: 24h, 7d, 2026-11-01"
    )
    which.add_argument(
        "--all", action="store_true", help="judge every article anew, after an update of the rules"
    )


def _action(
    actions: Commands, name: str, purpose: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser = actions.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example: svodka index {name}\n\n{_INDEX_HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_address(parser)
    parser.set_defaults(run=run)
    return parser


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add --index, which is '' where it is not given: `with_index` fills in the configured one."""
    parser.add_argument(
        "--index",
        default="",
        metavar="ADDRESS",
        help=f"default: SVODKA_INDEX, or index in svodka.toml, or {DEFAULT_INDEX}",
    )


def with_index(args: argparse.Namespace) -> argparse.Namespace:
    """The arguments with the address of the index that is meant; a faulty `svodka.toml` ends the command."""
    if getattr(args, "index", None) == "":
        try:
            args.index = configured_index()
        except BackendError as error:
            print(f"svodka: {error}", file=sys.stderr)
            raise SystemExit(INDEX) from None
    return args


def at_least(least: int) -> Callable[[str], int]:
    """An argparse type: whole numbers from `least` up."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} up")
        return int(text)

    return number


def add_zone(parser: argparse.ArgumentParser, of: str) -> None:
    """Add `--zone ZONE` to a command: the time zone `of` something, UTC unless it is given."""
    parser.add_argument(
        "--zone", type=time_zone, default="UTC", metavar="ZONE", help=f"time zone of {of} (UTC)"
    )


def time_zone(name: str) -> tzinfo:
    """An argparse type: the time zone of an IANA name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{name!r} is no time zone; Europe/Moscow is one") from None


def _search(args: argparse.Namespace) -> int:
    from index.clock import process_clock
    from index.search.parse import parse
    from index.search.query import QueryError
    from index.search.render import render
    from index.search.story import with_present_stories

    offset = (args.page - 1) * args.limit if args.offset is None else args.offset
    try:
        query = parse(
            " ".join(args.query),
            now=process_clock()(),
            zone=args.zone,
            copies=args.copies,
            sort=args.sort,
            limit=args.limit,
            offset=offset,
        )
    except QueryError as error:
        print(f"svodka search: {error}", file=sys.stderr)
        return USAGE
    with opened(args.index) as backend:
        results = backend.search(with_present_stories(backend, query))
    if args.json:
        print_json(results.as_json())
    else:
        sys.stdout.write(render(results, query, terminal_style(args.zone)))
    return OK


def terminal_style(zone: tzinfo) -> Style:
    """Bold and dim on a terminal only, and not where NO_COLOR is set (no-color.org)."""
    import shutil

    from index.search.render import Style

    terminal = sys.stdout.isatty()
    columns = min(shutil.get_terminal_size().columns, _MAX_WIDTH) if terminal else _PIPED_WIDTH
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Style(width=max(columns, MIN_WIDTH), styled=terminal and not plain, zone=zone)


def _check(args: argparse.Namespace) -> int:
    with opened(args.index) as backend, progress_bar("check") as shown:
        outcome = backend.check(shown)
    _print_counts(outcome.counts)
    for fault in outcome.faults:
        print(f"! {fault}")
    print(f"{len(outcome.faults)} fault{'s' * (len(outcome.faults) > 1)}" if outcome.faults else "no faults")
    return FAILED if outcome.faults else OK


def _stats(args: argparse.Namespace) -> int:
    with opened(args.index) as backend:
        counts = backend.stats()
    if args.json:
        print_json(counts)
    else:
        _print_counts(counts)
    return OK


def _reconcile(args: argparse.Namespace) -> int:
    from index.stories.linker import link_pending
    from index.stories.reconcile import reconcile

    since = _since(args.since) if args.since else None
    with opened(args.index) as backend, progress_bar("fingerprints") as shown:
        if args.all or since is not None:
            report = reconcile(backend, since, shown)
        else:
            report = link_pending(backend, limit=args.limit)
        left = backend.stats()["pending"]
    print(
        f"{report.linked:,} articles linked, {report.judged:,} pairs judged, {report.accepted:,} of them copies, "
        f"{report.relabelled:,} articles with a new story; {left:,} left to link"
    )
    return OK


def _since(text: str) -> datetime:
    """The moment that --since means, a date in UTC; a text that is none ends the command."""
    from index.clock import process_clock
    from index.search.dates import option_moment

    try:
        return option_moment("--since", text, UTC, process_clock()())
    except ValueError as error:
        print(f"svodka index reconcile: {error}", file=sys.stderr)
        raise SystemExit(USAGE) from None


def _replay(args: argparse.Namespace) -> int:
    from index.outbox.replay import replay

    with opened(args.index) as backend:
        return replay(backend, dead=args.dead)


def _rebuild(args: argparse.Namespace) -> int:
    with opened(args.index) as backend:
        count = backend.rebuild_text()
    print(f"the text of {count:,} articles indexed anew; 'svodka index check' proves it")
    return OK


@contextmanager
def opened(address: str, *, look: bool = False) -> Iterator[Backend]:
    """The index at an address; one that cannot be used ends the command with its reason and exit code 3."""
    try:
        backend = look_at_index(address) if look else open_index(address, create=False)
        try:
            yield backend
        finally:
            backend.close()
    except BackendError as error:
        print(f"svodka: {error}", file=sys.stderr)
        raise SystemExit(INDEX) from None


def _print_counts(counts: dict[str, int]) -> None:
    width = max(map(len, counts), default=0)
    for name, count in counts.items():
        print(f"{name:<{width}}  {count:>12,}")


def print_json(value: dict[str, Any]) -> None:
    """An answer for programs: one JSON object, letters as they are."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
