"""`svodka index init` and `svodka index upgrade`: making the index of a cluster, and bringing it up to date."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from index.backend import BackendError
from index.exit_codes import INDEX, INTERRUPTED, OK
from index.progress import progress_bar

if TYPE_CHECKING:
    from index.elastic.engine import Engine

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
    Work = Callable[[Engine, argparse.Namespace], None]

_HELP = """\
A file of SQLite needs neither: it is made and brought up to date when it is opened.

exit codes: 0 done, 2 an option is wrong, 3 the cluster does not answer or refuses, 130 stopped (run it again)
"""
_UPGRADE = """\
bring the index in a cluster to this version of Svodka, while searches and crawls go on"""


def add_actions(actions: Commands, add_address: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add `init` and `upgrade` to the actions of `svodka index`; `add_address` adds the option --index."""
    _add(actions, add_address, "init", "make the indices, aliases and templates that a cluster lacks", _init)
    upgrade = _add(actions, add_address, "upgrade", _UPGRADE, _upgrade)
    upgrade.add_argument(
        "--take-over", action="store_true", help="an upgrade that is said to be at work elsewhere has died"
    )


def _add(
    actions: Commands,
    add_address: Callable[[argparse.ArgumentParser], None],
    name: str,
    purpose: str,
    work: Work,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example: svodka index {name} --index https://es.example.org:9200\n\n{_HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_address(parser)
    parser.set_defaults(run=lambda args: _run(args, work))
    return parser


def _run(args: argparse.Namespace, work: Work) -> int:
    """Do the work on the cluster of an address; what goes wrong is one line and an exit code."""
    from index.elastic.backend import ElasticBackend
    from index.settings import load_settings

    if args.index.startswith("sqlite:"):
        print("nothing to do: an SQLite index is made and brought up to date when it is opened")
        return OK
    try:
        with ElasticBackend.at(args.index, load_settings().elasticsearch) as backend, _stoppable():
            work(backend.engine, args)
    except BackendError as error:
        print(f"svodka: {error}", file=sys.stderr)
        return INDEX
    except KeyboardInterrupt:
        print("svodka: stopped; the index is in use as before, the same command goes on", file=sys.stderr)
        return INTERRUPTED
    return OK


@contextmanager
def _stoppable() -> Iterator[None]:
    """End on SIGTERM as on Ctrl-C, so that no index stays closed for writing."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _init(engine: Engine, args: argparse.Namespace) -> None:
    from index.elastic.lifecycle import init, require_server

    version = require_server(engine) or "of a version that these credentials may not see"
    made = init(engine)
    print(f"Elasticsearch {version} at {engine.cluster.place}" + ("" if made else ": everything is there"))
    for each in made:
        print(f"made {each}")


def _upgrade(engine: Engine, args: argparse.Namespace) -> None:
    from index.elastic.labels import complete_labels
    from index.elastic.lifecycle import require_server
    from index.elastic.upgrade import upgrade

    require_server(engine)
    carried, completed = [], 0
    try:
        with (
            progress_bar("indices") as progress,
            closing(upgrade(engine, progress, take_over=args.take_over)) as steps,
        ):
            for each in steps:
                carried.append(each)
            completed = complete_labels(engine, progress)
    finally:
        for each in carried:
            print(f"{each.old} carried over to {each.new}: {each.documents:,} documents")
    if completed:
        stories = (
            "1 story given the times of its"
            if completed == 1
            else f"{completed:,} stories given the times of their"
        )
        print(f"{stories} first and last copy")
    if not carried and not completed:
        print("nothing to carry over: every index is of this version")
