"""`svodka`: the one command. Crawling is here; searching and the index are in `index.cli`."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from crawler import __version__
from crawler.budget import DUE_BUDGET, seconds
from crawler.choice import NoSuchSites, add_folder, chosen, proven_folder
from crawler.explain import add_explain
from crawler.schedule.commands import add_schedule
from crawler.serve import add_serve
from crawler.status.command import add_status
from index.arguments import CommandParser
from index.cli import add_address, add_commands, at_least, with_index
from index.clock import clock_fault
from index.exit_codes import FAILED, INDEX, INTERRUPTED, OK, TABLE, USAGE

if TYPE_CHECKING:
    from crawler.crawl import CrawlOptions
    from crawler.report import CrawlReport
    from crawler.schedule.due_sites import DueSites
    from crawler.site import Fault, Site


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Cyrillic shows '?', not a traceback
    args = with_index(_parser().parse_args(argv))
    if fault := clock_fault(os.environ.get("SVODKA_NOW")):
        _fail(fault)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("svodka: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `svodka search … | head`
        code = OK
    except OSError as error:
        print(f"svodka: {error.strerror or error}: {error.filename or 'standard output'}", file=sys.stderr)
        code = FAILED
    else:
        return code
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to flush at exit
    return code


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = CommandParser(
        prog="svodka",
        description="Crawls news sites, folds syndicated copies into stories, and searches them.",
        epilog="example: svodka crawl ria.ru && svodka search 'уступки \"гарантии безопасности\"'",
    )
    parser.add_argument("--version", action="version", version=f"svodka {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_crawl(commands)
    _add_sites(commands)
    _add_demo(commands)
    add_explain(commands)
    add_schedule(commands)
    add_commands(commands)
    add_serve(commands)
    add_status(commands)
    return parser


def _add_crawl(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "crawl",
        help="crawl sites once",
        description="Crawls the named sites once, or all of them; with --due those of them whose turn it is.",
        epilog=f"examples:\n  svodka crawl ria.ru tass.ru --limit 20\n  svodka crawl --due\n\n{TABLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sites", nargs="*", metavar="SITE", help="names of site files; none: all")
    parser.add_argument(
        "--due",
        action="store_true",
        help="only sites whose schedule says so (svodka schedule show); for cron",
    )
    parser.add_argument("--since", type=_day, metavar="DATE", help="take links back to this day (2026-11-01)")
    parser.add_argument("--limit", type=at_least(1), metavar="N", help="fetch at most N articles a site")
    parser.add_argument(
        "--dry-run", action="store_true", help="read the sources and print what would be fetched"
    )
    parser.add_argument("--json", action="store_true", help="print the run as one JSON object")
    parser.add_argument(
        "--wait",
        type=seconds,
        nargs="?",
        const=600.0,
        default=0.0,
        metavar="TIME",
        help="wait for another run of a site to end: 30s, 10m (the default), 1h; without it such a site is skipped",
    )
    parser.add_argument(
        "--budget",
        type=seconds,
        metavar="TIME",
        help="end in good order after this time, the rest is left for the next run: 90s, 10m (30m with --due)",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="log every step to standard error")
    parser.add_argument(
        "--log-file", metavar="PATH", help="write the log there instead; moved on at 10 MB (docs/logs.md)"
    )
    parser.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="json: one object a line (text)"
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="no table: print problems only (implied by --due)"
    )
    add_address(parser)
    add_folder(parser)
    parser.set_defaults(run=_stoppable_crawl)


def _add_sites(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sites = commands.add_parser(
        "sites", help="list and check site files", epilog="example: svodka sites check ria.ru"
    )
    actions = sites.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every site: sources, schedule, whether it was tried")
    listing.set_defaults(run=_list_sites)
    check = actions.add_parser("check", help="report all faults of the site files at once, without network")
    check.add_argument("sites", nargs="*", metavar="NAME", help="names of site files; none: all")
    check.set_defaults(run=_check_sites)
    for parser in (listing, check):
        add_folder(parser)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="crawl the bundled sample sites on this machine and search them",
        epilog="example: svodka demo --index sqlite:///var/demo.db",
    )
    demo.add_argument("--index", metavar="ADDRESS", help="default: a new var/demo.db")
    demo.set_defaults(run=_demo)


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; 2026-11-01 is one") from None


def _use_folder(folder: Path | None) -> Path:
    """The folder of site files in force; the spiders and pipelines read it from the environment."""
    if folder is not None:
        os.environ["SVODKA_SITES"] = str(folder.absolute())
    try:
        return proven_folder()
    except NoSuchSites as error:
        _fail(str(error))


def _fail(message: str, code: int = USAGE) -> NoReturn:
    print(f"svodka: {message}", file=sys.stderr)
    raise SystemExit(code)


def _stoppable_crawl(args: argparse.Namespace) -> int:
    from crawler.stopping import stoppable

    with stoppable():
        return _crawl(args)


def _crawl(args: argparse.Namespace) -> int:
    from crawler.crawl import Crawled, crawl
    from crawler.leftover import Leftover
    from crawler.report import CrawlReport

    sites, faults = _meant(args)
    _prove_index(args.index)
    if args.log_file:
        _prove_log_file(Path(args.log_file).absolute())
    options = _options(args)
    if args.due:
        due = _due(args.index, sites)
        options = replace(options, claim=None if args.dry_run else due.claim)
        if not due.sites and not faults and not args.json:
            return _nothing_due(due)
        sites = due.sites
    crawled = crawl(sites, options) if sites else Crawled([], Leftover())
    report = CrawlReport(crawled.records, faults, crawled.left)
    _print_report(report, args)
    return report.exit_code


def _meant(args: argparse.Namespace) -> tuple[list[Site], list[Fault]]:
    """The sites that were named, or all, and what is wrong with their files. Ends where agencies have faults."""
    from crawler.agencies import check_agencies
    from crawler.site import load_sites

    folder = _use_folder(args.folder)
    if _told(check_agencies(folder)):
        raise SystemExit(FAILED)
    sites, faults = load_sites(folder)
    meant = _choose(args.sites, sites, {fault.path.stem for fault in faults})
    return meant, [fault for fault in faults if not args.sites or fault.path.stem in args.sites]


def _options(args: argparse.Namespace) -> CrawlOptions:
    from crawler.crawl import CrawlOptions

    return CrawlOptions(
        index=args.index,
        limit=args.limit,
        since=args.since,
        dry_run=args.dry_run,
        trigger="due" if args.due else "named",
        wait=args.wait,
        budget=args.budget or (DUE_BUDGET if args.due else None),
        log_level="INFO" if args.verbose or args.log_file else "ERROR",
        log_file=args.log_file,
        log_format=args.log_format,
        progress=sys.stderr.isatty() and not args.verbose,
    )


def _due(index: str, sites: list[Site]) -> DueSites:
    from crawler.schedule.due_sites import DueSites
    from index.backend import BackendError
    from index.clock import process_clock

    try:
        return DueSites(index, sites, process_clock())
    except BackendError as error:
        _fail(str(error), INDEX)


def _nothing_due(due: DueSites) -> int:
    """Say nothing to cron, which mails what is printed; a person is told when the next site is due."""
    if sys.stderr.isatty():
        from crawler.schedule.moments import until

        turn = due.next_turn
        following = (
            f"next is {turn.site}, {until(turn.due_at, due.now)}" if turn and turn.due_at else "none will be"
        )
        print(f"no site is due; {following}", file=sys.stderr)
    return OK


def _choose(names: list[str], sites: dict[str, Site], faulty: set[str]) -> list[Site]:
    try:
        return chosen(names, sites, faulty)
    except NoSuchSites as error:
        _fail(str(error))


def _prove_index(address: str) -> None:
    """Open the index and ask it once, so that an unusable one is told before anything is fetched.

    One that only does not answer is no obstacle: what is crawled waits for it. A new one is noted to be of this
    program's rules.
    """
    from contextlib import closing

    from index.backend import BackendError, IndexUnreachable
    from index.engine import open_index
    from index.stories.rules import begin_rules

    try:
        with closing(open_index(address)) as backend:
            begin_rules(backend)
    except IndexUnreachable:
        return
    except BackendError as error:
        _fail(str(error), INDEX)


def _prove_log_file(path: Path) -> None:
    """End the command when the log cannot be written, before anything is fetched."""
    if not path.parent.is_dir():
        _fail(f"--log-file: there is no folder {path.parent}")
    try:
        path.open("a").close()
    except OSError as error:
        _fail(f"--log-file {path}: {error.strerror}")


def _print_report(report: CrawlReport, args: argparse.Namespace) -> None:
    from crawler.console import console

    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        return
    if args.dry_run:
        for record in report.records:
            for url in record.would_fetch:
                print(f"{record.site}  {url}")
    if not (args.quiet or args.due):
        report.print(console())
        sys.stdout.flush()
    # What is kept in a log needs its time; a person, and cron's mail of a named crawl, do not.
    if args.log_format == "json" or (args.due and not sys.stderr.isatty()):
        report.log_problems(args.log_format)
    else:
        report.print_problems(console(stderr=True))


def _list_sites(args: argparse.Namespace) -> int:
    from rich.table import Table

    from crawler.agencies import check_agencies
    from crawler.console import console, print_table
    from crawler.site import load_sites

    folder = _use_folder(args.folder)
    sites, faults = load_sites(folder)
    table = Table("site", "title", "language", "feeds", "sitemaps", "listings", "schedule", "tried", box=None)
    for site in sites.values():
        sources = [str(len(each)) for each in (site.feeds, site.sitemaps, site.listings)]
        tried = "yes" if site.verified else "no"
        table.add_row(site.name, site.title, site.language or "any", *sources, site.schedule, tried)
    print_table(table, console())
    return FAILED if _told([*check_agencies(folder), *faults]) else OK


def _told(faults: Sequence[Fault]) -> bool:
    """Tell faults, one a line; whether there are any."""
    for fault in faults:
        print(f"! {fault}", file=sys.stderr)
    return bool(faults)


def _check_sites(args: argparse.Namespace) -> int:
    from crawler.agencies import check_agencies
    from crawler.site import SiteFault, read_site, site_paths

    folder = _use_folder(args.folder)
    paths = [folder / f"{name}.toml" for name in args.sites] or site_paths(folder)
    faults = list(check_agencies(folder))
    for path in paths:
        try:
            read_site(path)
        except SiteFault as fault:
            faults += fault.faults
    for each in faults:
        print(each)
    print(f"site files checked: {len(paths)}, faults: {len(faults)}")
    return FAILED if faults else OK


def _demo(args: argparse.Namespace) -> int:
    from crawler.demo.show import show
    from index.backend import BackendError

    try:
        return show(args.index)
    except BackendError as error:
        _fail(str(error), INDEX)


if __name__ == "__main__":
    sys.exit(main())
