"""A desk for tests: site files, an index and a loopback web that real `svodka` processes work on."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.demo.page import Answer
from crawler.demo.server import SampleSites
from index.backend import Backend
from index.engine import open_index

NOON = "2026-11-20T12:00:00+00:00"
SECONDS = 90  # no process of a test takes longer


@dataclass(frozen=True, slots=True)
class Done:
    """A finished `svodka` process."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """What `--json` printed."""
        return dict(json.loads(self.out))

    def site(self, name: str) -> dict[str, Any]:
        """The record of one site."""
        return dict(next(each for each in self.report["sites"] if each["site"] == name))

    def outcomes(self, name: str = "a.example") -> dict[str, int]:
        """Outcome counts of one site; they add up to the links found, or the test fails here."""
        site = self.site(name)
        assert sum(site["outcomes"].values()) == site["found"]
        return dict(site["outcomes"])


@dataclass
class Desk:
    """One desk in a folder of its own. `web` maps URLs to pages; it may be changed between crawls."""

    folder: Path
    web: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)  # URLs asked for in the last crawl, in order
    statuses: list[int] = field(default_factory=list)
    largest_file: int | None = None  # bytes; a write beyond it fails as on a full disk
    environment: dict[str, str] = field(default_factory=dict)  # of its processes, over all that is given here

    @property
    def index(self) -> str:
        """Address of the desk's index: a file in its folder, unless its environment names another."""
        return self.environment.get("SVODKA_INDEX", f"sqlite:///{self.folder}/news.db")

    def open(self) -> Backend:
        """The desk's index; the caller closes it."""
        return open_index(self.index)

    def site(self, name: str = "a.example", **fields: Any) -> None:
        """Write a site file; what is not given is fitting for a quick test."""
        given = {
            "name": name, "title": name, "domains": [name], "time_zone": "Europe/Moscow", "delay": 0,
            "allow_private": True, "articles": {"min_words": 8}, **fields,
        }  # fmt: skip
        if not {"feeds", "sitemaps", "listings"} & fields.keys():
            given["feeds"] = [f"http://{name}/rss"]
        self.write(f"{name}.toml", _toml(given))

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file into the folder of site files."""
        folder = self.folder / "sites"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def crawl(self, *arguments: str, now: str = NOON, index: str | None = None) -> Done:
        """`svodka crawl --json` against the desk's web."""
        with SampleSites.from_pages(self.web) as server:
            done = self.run("crawl", "--json", *arguments, now=now, proxy=server.address, index=index)
            self.requests = [exchange.request.url for exchange in server.log]
            self.statuses = [exchange.status for exchange in server.log]
            assert not server.errors
        return done

    def start_crawl(self, server: SampleSites, *arguments: str, now: str = NOON) -> subprocess.Popen[str]:
        """A crawl that is not waited for; the caller ends it."""
        return self.start("crawl", "--json", *arguments, now=now, proxy=server.address, index=None)

    def run(self, *arguments: str, now: str = NOON, proxy: str = "", index: str | None = None) -> Done:
        """Any `svodka` command."""
        process = self.start(*arguments, now=now, proxy=proxy, index=index)
        if self.largest_file is not None:
            limits = (self.largest_file, self.largest_file)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise
        return Done(process.returncode, out, err)

    def start(
        self, *arguments: str, now: str = NOON, proxy: str = "", index: str | None = None
    ) -> subprocess.Popen[str]:
        """Any `svodka` command, not waited for; the caller ends it."""
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        environment |= {
            "SVODKA_INDEX": index or self.index,
            "SVODKA_NOW": now,
            "SVODKA_SITES": f"{self.folder}/sites",
            "http_proxy": proxy,
        }
        environment |= {name: value for name, value in self.environment.items() if name != "SVODKA_INDEX"}
        return subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )


def feed(*links: str, host: str = "a.example") -> bytes:
    """An RSS feed of links; a path is a link on the host."""
    items = "".join(
        f"<item><title>{link}</title><link>{link if '//' in link else f'http://{host}{link}'}</link></item>"
        for link in links
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()
    )


def article(title: str = "Мост через Быструю открыли", *paragraphs: str, head: str = "") -> str:
    """An article page with prose enough to be one."""
    text = paragraphs or PARAGRAPHS
    body = "".join(f"<p>{each}</p>" for each in text)
    return (
        f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-11-20T14:30:00+03:00">{head}</head>'
        f"<body><nav><a href='/'>Главная</a></nav><article><h1>{title}</h1>{body}</article></body></html>"
    )


PARAGRAPHS = (
    "Движение по новому мосту через реку Быструю открыли в пятницу утром, сообщили в городской администрации.",
    "Строители сдали переправу на два месяца раньше срока, установленного договором, и уложились в смету.",
    "По расчётам проектировщиков, каждый день по мосту будут проезжать около двенадцати тысяч автомобилей.",
)

Web = Mapping[str, Answer]
MakeDesk = Callable[[], Desk]


def _toml(fields: Mapping[str, Any]) -> str:
    """Enough of TOML for site files: plain values first, then tables and lists of tables."""
    plain = [f"{key} = {_value(value)}" for key, value in fields.items() if not _is_table(value)]
    tables = [
        f"[{key}]\n{_toml(value)}"
        if isinstance(value, Mapping)
        else "\n".join(f"[[{key}]]\n{_toml(v)}" for v in value)
        for key, value in fields.items()
        if _is_table(value)
    ]
    return "\n".join([*plain, *tables])


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
    )


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # TOML's strings, numbers, booleans and lists are JSON's
