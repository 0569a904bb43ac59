"""`svodka serve`: the search page of `index.web`, told how the crawl is."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from crawler.choice import NoSuchSites, add_folder, proven_folder
from index.exit_codes import USAGE
from index.web.commands import add_serve as add_page

if TYPE_CHECKING:
    from index.web.health import Examine

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_serve(commands: Commands) -> None:
    """Add `serve` to a command line; it sets `run`, a handler that returns the exit code."""
    add_folder(add_page(commands, _examine))


def _examine(args: argparse.Namespace) -> Examine:
    """What tells how the crawl is. A folder that was named has to hold site files; without them the page says so."""
    from crawler.status.health import examiner

    try:
        folder = proven_folder(args.folder) if args.folder else None
    except NoSuchSites as error:
        print(f"svodka serve: {error}", file=sys.stderr)
        raise SystemExit(USAGE) from None
    return examiner(args.index, folder)
