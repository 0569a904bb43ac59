"""The figures of the News dashboard as SVG, drawn from Elasticsearch's answers to the requests of Kibana.

No screens of Kibana: pictures of what its charts are made of. `docs/img` holds those of the demo:

    make demo SVODKA_INDEX=http://127.0.0.1:9200
    python -m index.kibana.pictures --index http://127.0.0.1:9200 --name svodka-demo \\
        --until 2026-11-20T15:00:00+00:00 docs/img
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index.backend import BackendError
from index.elastic.client import Cluster
from index.exit_codes import FAILED, OK
from index.kibana import svg
from index.kibana.envelope import Naming
from index.kibana.lenses import charts_of
from index.kibana.replay.catalogue import Catalogue
from index.kibana.replay.charts import Row, chart_request, layer_of, rows
from index.kibana.replay.discover import documents
from index.kibana.replay.request import Answer, AnswerFault, Context, Request, ask
from index.kibana.searches import searches_of
from index.settings import load_settings

CAPTION = "Drawn by Svodka from Elasticsearch's answers to Kibana's requests. Not a screen of Kibana."
PICTURES = ("figures", "per-day", "sources", "republished", "languages", "sections", "latest")

_FIGURES = ("stories", "articles", "copies", "sources-number")
_CHART_TITLES = {chart.name: chart.title for chart in charts_of(Naming())}
_SEARCH_TITLES = {search.name: search.title for search in searches_of(Naming())}
_ROWS = 8  # of a table

Ask = Callable[[Request], Answer]


def pictures(catalogue: Catalogue, prefix: str, context: Context, ask_one: Ask) -> dict[str, str]:
    """File name to SVG; `ask_one` sends a request. Times are UTC."""

    def table(name: str) -> list[Row]:
        saved = catalogue.chart(f"{prefix}-lens-{name}")
        request = chart_request(saved, catalogue.source(saved), context)
        return rows(layer_of(saved), ask_one(request))

    def found(name: str) -> list[dict[str, list[Any]]]:
        saved = catalogue.search(f"{prefix}-search-{name}")
        hits = ask_one(documents(saved, catalogue.source(saved), context))["hits"]["hits"]
        return [hit["fields"] for hit in _settled(hits, saved.attributes.sort)[:_ROWS]]

    numbers = [svg.Bar(_chart_title(name), _only(table(name))) for name in _FIGURES]
    drawn = {
        "figures": ("News", svg.figures(numbers)),
        "per-day": (_chart_title("per-day"), _per_day(table("per-day"))),
        "sources": (_chart_title("sources"), svg.lying(_bars(table("sources"), "by_source_name"))),
        "republished": (_SEARCH_TITLES["search-republished"], _republished(found("republished"))),
        "languages": (_chart_title("languages"), svg.ring(_bars(table("languages"), "by_language"))),
        "sections": (_chart_title("sections"), svg.lying(_bars(table("sections"), "by_section"))),
        "latest": (_SEARCH_TITLES["search-latest"], _latest(found("latest"))),
    }
    return {
        f"kibana-{name}.svg": svg.page(title, CAPTION, height, elements)
        for name, (title, (height, elements)) in drawn.items()
    }


def _settled(hits: list[dict[str, Any]], sort: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Hits in the order asked for, those of equal rank by id: the order on disk is another after each crawl."""
    ordered = sorted(hits, key=lambda hit: str(hit["_id"]))
    for place, (_, direction) in reversed(list(enumerate(sort))):
        ordered.sort(key=lambda hit: hit["sort"][place], reverse=direction == "desc")  # used at once
    return ordered


def _chart_title(name: str) -> str:
    return _CHART_TITLES[f"lens-{name}"]


def _only(table: list[Row]) -> float:
    (row,) = table
    (value,) = row.values()
    return float(value)


def _bars(table: list[Row], key: str) -> list[svg.Bar]:
    return [svg.Bar(str(row[key]), row["count"]) for row in table]


def _per_day(table: list[Row]) -> tuple[float, list[str]]:
    sites = list(dict.fromkeys(row["by_site"] for row in table))
    days = sorted({row["time"] for row in table})
    counts = {(row["time"], row["by_site"]): row["count"] for row in table}
    columns = [
        (_day(day), [svg.Bar(site, counts[day, site]) for site in sites if (day, site) in counts])
        for day in days
    ]
    return svg.stacked(columns, sites)


def _day(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment.day} {moment:%b}"


def _republished(hits: Sequence[dict[str, list[Any]]]) -> tuple[float, list[str]]:
    lines = [
        (str(each["copies"][0]), each["title"][0], each["source.name"][0], ", ".join(each["outlets"]))
        for each in hits
    ]
    return svg.table(("Copies", "Headline", "Source", "Published by"), (66, 440, 136, 242), lines)


def _latest(hits: Sequence[dict[str, list[Any]]]) -> tuple[float, list[str]]:
    lines = [
        (
            f"{datetime.fromisoformat(each['published_at'][0]):%d.%m. %H:%M}",
            each["source.name"][0],
            each["title"][0],
            str(each["copies"][0]),
        )
        for each in hits
    ]
    return svg.table(("Published", "Source", "Headline", "Copies"), (122, 200, 506, 56), lines)


def main(arguments: list[str]) -> int:
    """Ask a cluster and write the pictures into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m index.kibana.pictures",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--index", required=True, metavar="URL", help="address of the cluster")
    parser.add_argument("--name", default="news", help="name of the index there (news)")
    parser.add_argument(
        "--until", type=datetime.fromisoformat, required=True, metavar="TIME", help="with offset"
    )
    parser.add_argument("--days", type=int, default=7, help="how far back (7)")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    if given.until.tzinfo is None:
        parser.error("--until has no UTC offset; 2026-11-20T15:00:00+00:00 has")
    context = Context(given.until - timedelta(days=given.days), given.until)
    try:
        made = _asked(given.index, given.name, context)
    except (BackendError, AnswerFault) as error:
        print(f"! {error}", file=sys.stderr)
        return FAILED
    given.folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (given.folder / name).write_text(text, "utf-8")
        print(given.folder / name)
    return OK


def _asked(address: str, prefix: str, context: Context) -> dict[str, str]:
    cluster = Cluster.at(address, load_settings().elasticsearch)
    try:
        with cluster.translated():
            return pictures(Catalogue.of(prefix), prefix, context, lambda request: ask(cluster.es, request))
    finally:
        cluster.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
