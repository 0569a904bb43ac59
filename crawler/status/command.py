"""`svodka status`: how the sites, the index and the outbox are."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.choice import NoSuchSites, add_folder, proven_folder, sites_folder
from crawler.status.overview import Overview, overview_of
from index.backend import BackendError
from index.cli import add_address, print_json
from index.engine import open_index
from index.exit_codes import INDEX, USAGE
from index.settings import load_settings

if TYPE_CHECKING:
    from index.outbox.status import Status

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_HELP = """\
examples:
  svodka status            a table, problems first
  svodka status --check    for monitoring: nothing when all is well, else one line for each problem

A site is
  failing   its last two runs failed
  late      its schedule wanted three runs, or one for three hours, and none came; or one does not end
  empty     its sources answer and nothing new comes for far longer than usual for it (a day at least)
  layout    titles, texts or dates are found on less than half as many of its pages as in the past week

exit codes: 0 all is in the index, 1 something waits, was refused, or was left out of stories for long,
            2 an option is wrong, 3 the index does not answer or cannot be used
with --check: 0 no problem, 1 a site has one, a site file is faulty, something waits for over an hour, was
            refused or left out of stories, 2 an option is wrong, 3 the index does not answer or cannot be used
"""


def add_status(commands: Commands) -> None:
    """Add `status` to a command line."""
    parser = commands.add_parser(
        "status",
        help="how the sites, the index and the outbox are",
        description="Tells how each site is, whether the index answers, what waits for it, and what to do.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="print problems only, and exit with 1 for any")
    parser.add_argument("--json", action="store_true", help="print it as one JSON object")
    parser.add_argument(
        "--outbox", type=Path, metavar="FILE", help="only what this outbox holds, whichever index it is for"
    )
    add_folder(parser)
    add_address(parser)
    parser.set_defaults(run=_status)


def _status(args: argparse.Namespace) -> int:
    from index.clock import process_clock

    now = process_clock()()
    try:
        overview = _overview(args, now)
    except (NoSuchSites, BackendError) as error:
        print(f"svodka: {error}", file=sys.stderr)
        return INDEX if isinstance(error, BackendError) else USAGE
    if args.json:
        print_json(overview.as_json(now))
    elif args.check:
        for line in overview.problems(now):
            print(line)
    else:
        _print(overview, now)
    return overview.check_code(now) if args.check or overview.judged.error else overview.index.exit_code


def _print(overview: Overview, now: datetime) -> None:
    from crawler.console import console
    from crawler.status.table import print_sites

    # While the index is away nobody knows which sites have never run.
    sites = overview.sites if overview.index.answers else [site for site in overview.sites if site.last_run]
    print_sites(sites, now, console())
    sys.stdout.flush()
    for fault in (*filter(None, [overview.judged.error]), *overview.judged.problems, *overview.faults):
        print(f"! {fault}")
    if sites:
        print()
    print("\n".join(overview.index.lines()))


def _overview(args: argparse.Namespace, now: datetime) -> Overview:
    """All of it, or of an outbox file alone."""
    from index.outbox.status import unopened

    if args.outbox:
        return Overview(_of_outbox(args.outbox, now))
    folder = proven_folder(args.folder) if args.folder else sites_folder()
    try:
        with closing(open_index(args.index, create=False)) as backend:
            return overview_of(backend, args.index, folder, now)
    except BackendError as error:
        return Overview(unopened(args.index, load_settings(), str(error), now))


def _of_outbox(path: Path, now: datetime) -> Status:
    from index.outbox.status import look_into

    if not path.is_file():
        raise BackendError(f"outbox {path}: there is no such file")
    return look_into(path, now)
