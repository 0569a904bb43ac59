"""`svodka serve`: the search page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from index.backend import BackendError, IndexUnreachable
from index.engine import index_file, look_at_index
from index.exit_codes import INDEX, OK, USAGE
from index.settings import shown_address

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from index.backend import Backend
    from index.web.health import Examine
    from index.web.options import Options

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_HELP = """\
examples:
  svodka serve                                    http://127.0.0.1:8000/, for this machine only
  svodka serve --port 9000 --zone Europe/Moscow   on another port, times in Moscow's zone
  svodka serve --host 0.0.0.0 --allow-remote --name news.example.org
                                                  for others too; put a server with TLS and a password before it

Ends with Ctrl-C or SIGTERM. What it answers, and its limits: docs/web.md

exit codes: 0 ended by a signal; 2 an option is wrong or the port is taken; 3 the index cannot be opened
"""


def add_serve(
    subparsers: Commands, examine: Callable[[argparse.Namespace], Examine]
) -> argparse.ArgumentParser:
    """Add `serve` to a command line; it sets `run`, a handler that returns the exit code.

    `examine` makes of the arguments what tells how the crawl is: the crawler knows, and this side never asks it.
    """
    from index.cli import add_address, add_zone

    parser = subparsers.add_parser(
        "serve",
        help="show the search page in a browser",
        description="Serves the search page: results, facets, feeds and a JSON API. Reading only.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=port, default=8000, metavar="N", help="port to listen on (8000); 0: a free one"
    )
    add_zone(parser, "a reader who names none")
    parser.add_argument(
        "--allow-remote", action="store_true", help="let other machines in: there is no password and no TLS"
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="NAME",
        help="a host name that is answered too; may be repeated",
    )
    add_address(parser)
    parser.set_defaults(run=_serve, examine=examine)
    return parser


def port(text: str) -> int:
    """An argparse type: a TCP port."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 0 to 65535")
    return int(text)


def _serve(args: argparse.Namespace) -> int:
    from index.web.hosts import is_loopback
    from index.web.server import CannotListen, address_of, listen, serve

    if not args.allow_remote and not is_loopback(args.host):
        return _refused(
            f"--host {args.host} would let other machines read the index, without a password and unencrypted: "
            "add --allow-remote if that is meant, else leave --host out",
            USAGE,
        )
    if reason := _index_fault(args.index):
        return _refused(reason, INDEX)
    try:
        listening = listen(args.host, args.port)
    except CannotListen as error:
        return _refused(str(error), USAGE)
    address = address_of(args.host, listening.getsockname()[1])
    options = _options(args)
    line = f"Svodka is at {address} (index {shown_address(args.index)}; Ctrl-C ends it)"
    with closing(listening):
        serve(options, listening, lambda: print(line, flush=True))
    return OK


def _options(args: argparse.Namespace) -> Options:
    from index.clock import process_clock
    from index.web.hosts import hosts_of
    from index.web.options import Limits, Options

    limits = Limits()
    zone: ZoneInfo = args.zone

    def opening() -> Backend:
        return look_at_index(args.index, seconds=limits.seconds)

    hosts = hosts_of(args.host, tuple(args.name))
    return Options(
        opening,
        process_clock(),
        zone,
        hosts,
        limits,
        examine=args.examine(args),
        file=lambda: index_file(args.index),
    )


def _index_fault(address: str) -> str:
    """Why the index cannot be used, '' where it can; one that does not answer just now may do so later."""
    try:
        look_at_index(address).close()
    except IndexUnreachable:
        return ""
    except BackendError as error:
        return str(error)
    return ""


def _refused(reason: str, code: int) -> int:
    print(f"svodka serve: {reason}", file=sys.stderr)
    return code
