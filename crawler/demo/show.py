"""`svodka demo`: the whole way on the bundled sample sites, with the same commands that a user types."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which

from crawler.demo.server import serve
from index.settings import load_settings

HERE = Path(__file__).parent
DEFAULT_INDEX = "sqlite:///var/demo.db"
OWN_NAME = "svodka-demo"  # in a cluster: the user's own articles are under another name
RUNS = (
    (1, "2026-11-20T12:00:00+00:00", "First run, on 20 November 2026 at 12:00 UTC"),
    (2, "2026-11-20T15:00:00+00:00", "Second run, three hours later"),
)
INTRODUCTION = """Eight sample sites are served on this machine only, on a clock that stands in November 2026.
Two are agencies, six reprint them; they hold what the web holds: odd encodings, a damaged feed, a broken one
(zapiski.example, so that you see how a failure is told), a page that robots.txt forbids, a 404.
"""
SEARCHES: tuple[tuple[list[str], str], ...] = (
    ([], '"ремонт моста" паромами'),
    (["--copies"], "водородное топливо"),
    (["--limit", "3"], "source:meridian-wire.example after:2026-11-19"),
)


def show(index: str | None = None) -> int:
    """Serve the sample sites on loopback, crawl them twice, search three times; 0 when all went as it should.

    `index`: address of the index to use; none: a new `var/demo.db`. In a cluster the demo has indices of its
    own, made anew each time; raises `BackendError` when that cannot be done.
    """
    address = _emptied(index) if index else _new_index()
    print(INTRODUCTION)
    with serve(HERE) as server:
        for edition, moment, heading in RUNS:
            server.set_edition(edition)
            print(heading)
            code = _svodka(["crawl"], address, moment, server.port)
            if code not in {0, 1}:
                return code
            print()
    for options, query in SEARCHES:
        code = _svodka(["search", *options, query], address, RUNS[-1][1])
        if code:
            return code
        print()
    print(_next_steps(address))
    return 0


def _new_index() -> str:
    for suffix in ("", "-wal", "-shm"):
        Path(f"var/demo.db{suffix}").unlink(missing_ok=True)
    return DEFAULT_INDEX


def _emptied(address: str) -> str:
    """The address, the demo's own indices there deleted: what an earlier demo stored would be known."""
    if address.startswith("http"):
        from index.elastic.backend import ElasticBackend

        given = os.environ.get("SVODKA_ELASTICSEARCH_NAME")
        os.environ["SVODKA_ELASTICSEARCH_NAME"] = f"{given}-demo" if given else OWN_NAME
        with ElasticBackend.at(address, load_settings().elasticsearch) as backend:
            backend.drop()
    return address


def _svodka(arguments: list[str], index: str, moment: str, port: int | None = None) -> int:
    print(f"$ svodka {shlex.join(arguments)}", flush=True)
    command = [sys.executable, "-m", "crawler.cli", *arguments]
    return subprocess.run(command, env=_environment(index, moment, port), check=False).returncode  # noqa: S603


def _environment(index: str, moment: str, port: int | None) -> dict[str, str]:
    """The user's environment, with the demo's index, clock and sites, and the sample server as the proxy."""
    settings = {"SVODKA_INDEX": index, "SVODKA_NOW": moment, "SVODKA_SITES": str(HERE / "sites")}
    if port is not None:
        settings |= {"http_proxy": f"http://127.0.0.1:{port}", "no_proxy": ""}
    return {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"} | settings


def _near(path: Path) -> str:
    """A path as it is written in this folder."""
    return str(path).removeprefix(f"{Path.cwd()}/")


def _next_steps(index: str) -> str:
    svodka = "svodka" if which("svodka") else _near(Path(sys.executable).parent / "svodka")
    own = (
        f"SVODKA_ELASTICSEARCH_NAME={os.environ['SVODKA_ELASTICSEARCH_NAME']} "
        if index.startswith("http")
        else ""
    )
    steps = (
        (f"{own}{svodka} search --index {index} 'your words'", "search these stories"),
        (f"{svodka} sites list", "the real sites that come with Svodka"),
        (f"{svodka} crawl ria.ru --limit 20", "crawl one of them"),
        ("docs/sites.md", "add your own site in minutes"),
    )
    width = max(len(command) for command, _ in steps)
    page = (
        f"SVODKA_NOW={RUNS[-1][1][:16]}Z {own}{svodka} serve --index {index} --sites {_near(HERE / 'sites')}"
    )
    lines = [f"  {command:<{width}}   {purpose}" for command, purpose in steps]
    return "\n".join(["What next", *lines, "", "See it in a browser", f"  {page}"])
