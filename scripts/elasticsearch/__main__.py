"""`python -m scripts.elasticsearch start|stop`: what `make elasticsearch` and `make elasticsearch-stop` run."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

from elasticsearch import ApiError, Elasticsearch, TransportError

from scripts.elasticsearch import process
from scripts.elasticsearch.cache import locked
from scripts.elasticsearch.machine import Machine, this_machine
from scripts.elasticsearch.node import Node, check_free
from scripts.elasticsearch.refusal import Refusal
from scripts.elasticsearch.release import RELEASES, Release
from scripts.elasticsearch.server import find_server

PORT = 9200
_SHARDS_SECONDS = 60  # for what is stored already to become searchable


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when done, 1 when refused (stderr says why), 2 for wrong arguments, 130 for Ctrl-C."""
    asked = _parser().parse_args(arguments)
    try:
        machine = this_machine()
        folder = (asked.folder or default_folder(asked.major, machine)).resolve()
        if asked.command == "stop":
            stop(folder, asked.major, machine)
        else:
            start(RELEASES[asked.major], folder, asked.port, machine)
    except Refusal as refusal:
        return _refused(str(refusal))
    except OSError as fault:
        return _refused(f"{fault.strerror}: {fault.filename}")
    except KeyboardInterrupt:
        print("elasticsearch: interrupted, nothing was left running", file=sys.stderr)
        return 130
    return 0


def start(release: Release, folder: Path, port: int | None, machine: Machine) -> None:
    """Start the node of a folder, or say that it runs, and what to type next.

    `port` None is the usual one, or wherever the node runs already. Raises `Refusal`.
    """
    if machine.owner.changed:
        os.umask(0o022)  # what root makes here is for another user to read
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "lock", machine):
        if process.running_pid(folder):
            _say_running(release, folder, port, machine)
            return
        check_free(port or PORT)
        node = Node(folder, find_server(release, machine), machine.owner, port or PORT)
        machine.say(f"Starting Elasticsearch {release.version} (15 seconds) ...")
        node.start()
    _wait_for_shards(f"http://{node.address}")
    machine.say(
        f"Elasticsearch {release.version} is ready at http://{node.address}, its data is in {folder}."
    )
    _say_next(release, node.address, machine)


def stop(folder: Path, major: str, machine: Machine) -> None:
    """Stop the node of a folder, and no other process."""
    if process.stop(folder):
        machine.say(f"Elasticsearch {major} is stopped; its data stays in {folder / 'data'}.")
    else:
        machine.say(f"Elasticsearch {major} does not run in {folder}.")


def default_folder(major: str, machine: Machine) -> Path:
    """`var/elasticsearch/MAJOR`, or its like under /var/lib when root keeps the clone where `nobody` cannot go."""
    here = Path.cwd() / "var" / "elasticsearch" / major
    if machine.owner.can_enter(here):
        return here
    clone = hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:8]
    return Path("/var/lib/svodka", clone, "elasticsearch", major)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (ES_PORT): a number from 1 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.elasticsearch", description=__doc__)
    parser.add_argument("command", choices=("start", "stop"))
    parser.add_argument("--major", choices=sorted(RELEASES), default="9", help="major version (default: 9)")
    parser.add_argument("--port", type=_port, help=f"port on loopback (default: {PORT})")
    parser.add_argument("--folder", type=Path, help="its data and logs (default: var/elasticsearch/MAJOR)")
    return parser


def _refused(reason: str) -> int:
    print(f"elasticsearch: {reason}", file=sys.stderr)
    return 1


def _say_running(release: Release, folder: Path, port: int | None, machine: Machine) -> None:
    found = process.last_port(folder)
    if port not in (None, found):
        raise Refusal(f"it runs already, on port {found}: stop it first with make elasticsearch-stop")
    machine.say(f"Elasticsearch {release.version} runs already at http://127.0.0.1:{found}.")
    _say_next(release, f"127.0.0.1:{found}", machine)


def _say_next(release: Release, address: str, machine: Machine) -> None:
    major = "" if release.major == "9" else f" ES={release.major}"
    machine.say("Next:")
    machine.say(f"  make demo SVODKA_INDEX=http://{address}     # the bundled sample, in indices of its own")
    machine.say(f"  export SVODKA_INDEX=http://{address}        # all that is run from this shell")
    machine.say(f"  make elasticsearch-stop{major}")


def _wait_for_shards(url: str) -> None:
    try:
        with Elasticsearch(url) as client:
            client.options(request_timeout=_SHARDS_SECONDS).cluster.health(wait_for_status="yellow")
    except (ApiError, TransportError) as fault:
        raise Refusal(f"the node at {url} runs but is not ready to search: {fault}") from fault


if __name__ == "__main__":
    sys.exit(main())
