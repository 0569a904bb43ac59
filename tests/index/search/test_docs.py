"""docs/search.md shows only queries that can be asked, and every field and form there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.search.dates import FORMS
from index.search.lexer import FIELDS
from index.search.parse import parse
from index.search.query import QueryError

DOCS = (Path(__file__).parents[3] / "docs" / "search.md").read_text(encoding="utf-8")
NOW = datetime(2026, 1, 18, tzinfo=UTC)


def first_columns(heading: str) -> list[str]:
    """What stands in backticks in the first column of the table under a heading."""
    section = DOCS.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [code for row in rows for code in re.findall(r"`([^`]+)`", row)]


def test_every_query_shown_is_understood() -> None:
    shown = first_columns("## The query language")
    assert len(shown) > 20
    for text in shown:
        parse(text.replace("story:ID", "story:" + "0" * 32), now=NOW)
    assert {field for field in FIELDS if any(f"{field}:" in text for text in shown)} == set(FIELDS)


def test_every_date_shown_is_understood() -> None:
    shown = first_columns("### Dates")
    for date in shown:
        parse(f"after:{date}", now=NOW)
    assert set(re.findall(r"[\dT:.-]*\d[\dT:.mhdw-]*", FORMS)) <= set(shown)


def test_the_mistake_shown_is_the_one_made() -> None:
    shown = DOCS.split("svodka search: there is no field", 1)[1].split("```", 1)[0]
    with pytest.raises(QueryError) as caught:
        parse("угроза sourse:ria.ru")
    assert str(caught.value).strip() == "there is no field" + shown.rstrip()
