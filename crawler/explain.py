"""`svodka explain`: why an article is in its story, found by its address or id."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.choice import add_folder, sites_folder
from index.cli import add_address, add_zone
from index.clock import process_clock
from index.exit_codes import FAILED, OK, USAGE

if TYPE_CHECKING:
    from crawler.run import Run
    from crawler.site import Site
    from index.article import Article
    from index.backend import Backend

_WIDTH = 100  # columns of a message
_GUESSES = 50  # pieces of an address that may be the id of its article
_HELP = """\
examples:
  svodka explain https://ria.ru/20260118/most-1768342211.html   the article at an address
  svodka explain 4be0643f1d98573b97cdca98a65347dd --all         by its id, with every article it was compared with
  svodka explain URL OTHER-URL                                  why two articles are, or are not, of one story
  svodka explain STORY-ID                                       a story's id is that of one of its articles
  svodka explain --json https://ria.ru/20260118/most-1768342211.html | jq .story

It says where the time comes from, whose text it is and by which signs, which article stands for the story and
why, and what each article it was compared with has in common with it. What it means: docs/stories.md

With --json an article that is not stored is told on standard error alone, and nothing is printed.

exit codes: 0 explained, 1 no such article is stored, 2 an option or the address is wrong,
            3 the index does not answer or cannot be opened
"""


def add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `explain` to a command line; it sets `run`, a handler that returns the exit code."""
    parser = commands.add_parser(
        "explain",
        help="why is this article in its story",
        description="Explains one stored article: its time, its source, its story, and what it was compared with.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("article", metavar="URL|ID", help="address of the article, or its id (32 hex digits)")
    parser.add_argument("other", nargs="?", metavar="OTHER", help="compare it with this article, URL or id")
    parser.add_argument("--all", action="store_true", help="show every article it was compared with")
    parser.add_argument("--json", action="store_true", help="print all of it as one JSON object")
    add_zone(parser, "the times shown")
    add_address(parser)
    add_folder(parser)
    parser.set_defaults(run=_explain)


def _explain(args: argparse.Namespace) -> int:
    from index.cli import opened, terminal_style
    from index.stories.explain import explain
    from index.stories.explained_text import render, render_pair

    asked = [_id_or_url(each) for each in (args.article, args.other) if each is not None]
    sites = _sites(args.folder) if any(url for _, url in asked) else []
    with opened(args.index, look=True) as backend:
        found = [_stored(backend, sites, id, url) for id, url in asked]
        if None in found:
            return FAILED
        article, other = [*(each for each in found if each is not None), None][:2]
        assert article is not None  # noqa: S101 - the first one asked for
        if other is not None and other.id == article.id:
            print("svodka explain: these are the same article", file=sys.stderr)
            return USAGE
        explanation = explain(backend, article, other, zone=args.zone)
    if args.json:
        print(json.dumps(explanation.as_json(), ensure_ascii=False, indent=2))
    elif other is not None:
        sys.stdout.write(render_pair(explanation, other.id, terminal_style(args.zone)))
    else:
        sys.stdout.write(render(explanation, terminal_style(args.zone), everything=args.all))
    return OK


def _stored(backend: Backend, sites: Iterable[Site], id: str, url: str) -> Article | None:
    """The article with an id or at a URL; where there is none, that is told."""
    runs = _runs(backend, sites, url)
    article = _by_id(backend, id) if id else _by_url(backend, url, runs)
    if article is None:
        print(f"svodka explain: {_absent(id, url, runs)}", file=sys.stderr)
    return article


def _id_or_url(given: str) -> tuple[str, str]:
    """What was given, as an id or as a URL, the other empty; ends the command when it is neither."""
    text = given.strip()
    if re.fullmatch("[0-9a-fA-F]{32}", text):
        return text.lower(), ""
    url = text if re.match(r"\w+://", text) else f"https://{text}"
    if _host(url) and re.match("https?://", url, re.IGNORECASE):
        return "", url
    print(f"svodka explain: {given!r} is no address and no id (32 hex digits)", file=sys.stderr)
    raise SystemExit(USAGE)


def _host(url: str) -> str:
    """The host of a URL; empty where it has none that a page could be fetched from."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if "." in host and host.isprintable() and " " not in host else ""


def _sites(folder: Path | None) -> list[Site]:
    """The usable site files; none are needed but to know how a site's addresses are told apart."""
    from crawler.site import load_sites

    if folder is not None and not folder.is_dir():
        print(f"svodka explain: {folder} is no folder", file=sys.stderr)
        raise SystemExit(USAGE)
    sites, faults = load_sites(sites_folder(folder))
    for path in dict.fromkeys(fault.path for fault in faults):
        print(f"! {path} has faults and is left out; 'svodka sites check' tells them", file=sys.stderr)
    return list(sites.values())


def _runs(backend: Backend, sites: Iterable[Site], url: str) -> list[Run]:
    """How each site that owns a URL's host would look at it: with its file, and what it has left in the index."""
    host = _host(url).lower()
    owners = [site for site in sites if host and site.owns(host)]
    if not owners:
        return []
    from crawler.run import Run

    clock = process_clock()
    return [Run.open(site, backend, clock) for site in owners]


def _by_id(backend: Backend, *ids: str) -> Article | None:
    """The stored article that the first of these identities leads to."""
    known = backend.known(ids)
    own = next((known[id].id for id in ids if id in known), "")
    return backend.get([own]).get(own) if own else None


def _by_url(backend: Backend, url: str, runs: Iterable[Run]) -> Article | None:
    """The article at a URL: by the rules of its sites, by those that hold for all, or by an id in its path.

    The last is for articles whose site file is not at hand: what it said of ids is guessed, so only an article
    with this very address is believed.
    """
    from crawler.normalising.identity import identity, identity_url

    if found := _by_id(backend, *(run.identity(url) for run in runs), identity(url)):
        return found
    parts = urlsplit(url)
    pieces = {*re.findall(r"\d+", place := f"{parts.path}?{parts.query}"), *re.findall(r"\w*\d\w*", place)}
    guesses = [identity(url, id_pattern=f"({re.escape(each)})") for each in sorted(pieces)[:_GUESSES]]
    known = backend.known(guesses)
    same = (each.id for each in known.values() if identity_url(each.url) == identity_url(url))
    return _by_id(backend, *same)


def _absent(id: str, url: str, runs: list[Run]) -> str:
    """Why there may be no such article, and what to try."""
    from index.search.render import wrap

    if id:
        return f"no stored article has the id {id}; 'svodka search --json WORDS' shows ids"
    lines = [f"{url} is not stored", *(line for run in runs for line in _dealings(run, url))]
    site = runs[0].site.name if runs else ""
    if not runs:
        lines.append(
            f"no site file covers {_host(url)}; 'svodka sites list' shows them, --sites takes others"
        )
    words = f"site:{site} words of its title" if runs else "words of its title"
    lines.append(f"to find it by its words: svodka search '{words}'")
    return "\n  ".join("\n    ".join(wrap(line, _WIDTH)) for line in lines)


def _dealings(run: Run, url: str) -> Iterator[str]:
    """What the site's file says of a URL, and what became of it when it was crawled."""
    if refused := run.accepts(url):
        yield f"the site file {run.site.name}.toml would refuse it: {refused}"
    if visit := run.state.visits.get(run.identity(url)):
        again = f"due again {visit.due_at:%Y-%m-%d %H:%M} UTC" if visit.due_at else "not tried again"
        yield f"visited {visit.seen_at:%Y-%m-%d %H:%M} UTC: it ended as {visit.outcome}, {again}"
