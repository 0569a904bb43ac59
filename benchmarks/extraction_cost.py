"""CPU of our whole extraction against that of trafilatura's text alone, on the pages of the sample sites.

    python -m benchmarks.extraction_cost

Ours reads title, byline, dates, section and links as well; the ratio is the figure to watch.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from rich.console import Console
from rich.table import Table

from crawler.demo.content import read_editions
from crawler.demo.page import Request, page_of
from crawler.extraction import extract

DEMO = Path(__file__).parents[1] / "crawler" / "demo"
ROUNDS = 5


def pages() -> list[tuple[str, bytes]]:
    """Address and bytes of every HTML page of the sample sites."""
    edition = read_editions(DEMO)[-1]
    answers = {url: page_of(answer, Request("GET", url)) for url, answer in edition.pages.items()}
    return [(url, page.data) for url, page in answers.items() if b"<p" in page.data and page.status == 200]


def _cpu_ms(work: Callable[[str, bytes], object], material: list[tuple[str, bytes]]) -> float:
    """CPU milliseconds a page, after one round that is not counted."""
    for url, html in material:
        work(url, html)
    began = time.process_time()
    for _ in range(ROUNDS):
        for url, html in material:
            work(url, html)
    return 1000 * (time.process_time() - began) / ROUNDS / len(material)


def main() -> int:
    """Print the table."""
    material = pages()
    ours = _cpu_ms(lambda url, html: extract(html, url), material)
    text = _cpu_ms(lambda url, html: trafilatura.extract(html, url=url, fast=True), material)
    full = _cpu_ms(lambda url, html: trafilatura.bare_extraction(html, url=url, with_metadata=True), material)
    table = Table("extraction", "CPU ms a page", "ratio", box=None)
    rows = (
        ("trafilatura, text and metadata", full),
        ("trafilatura, text only, fast", text),
        ("crawler.extraction", ours),
    )
    for name, cost in rows:
        table.add_row(name, f"{cost:.2f}", f"{cost / full:.2f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
