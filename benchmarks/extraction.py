"""Adapter that lets an extraction scorer measure crawler.extraction on saved pages.

The scorer and its pages are not part of this repository; any that calls `f(html: bytes, url: str) -> dict` fits.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.extraction import extract

# Saved pages keep their dates; a fixed present makes two runs equal.
NOW = datetime(2030, 1, 1, tzinfo=UTC)

_HELP = """Show what the extraction reads from saved pages, or measure it with a scorer of your own.

A scorer takes a callable `f(html: bytes, url: str) -> dict`; give it `benchmarks.extraction:adapter` and put the
repository on PYTHONPATH:

    PYTHONPATH=/path/to/svodka python run.py benchmarks.extraction:adapter
"""


def adapter(html: bytes, url: str) -> dict[str, Any]:
    """Fields of one page as extraction scorers name them; `body` is lead, text and source lines."""
    found = extract(html, url, now=NOW)
    parts = [found.lead or "", found.body, *found.source_lines]
    return {
        "title": found.title,
        "body": "\n\n".join(part for part in parts if part),
        "published": found.published,
        "author": found.authors,
        "canonical": found.canonical_url,
        "language": found.language,
    }


def main() -> int:
    """Print the fields of saved pages as JSON, one page a line."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path, help="saved HTML files")
    parser.add_argument(
        "--url", default="https://example.org/news/page.html", help="address the pages were saved from"
    )
    arguments = parser.parse_args()
    for path in arguments.pages:
        sys.stdout.write(
            json.dumps(adapter(path.read_bytes(), arguments.url), ensure_ascii=False, default=str) + "\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
