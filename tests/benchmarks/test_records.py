"""The labelled set as the crawler reads it: attribution finds what its rows say of their source."""

from __future__ import annotations

import pytest

from benchmarks.records import article_of
from crawler.agencies import Agencies, load_agencies
from tests.index.stories.labelled import Row, article_id, record_of, rows

ROWS = rows()


@pytest.fixture(scope="module")
def agencies() -> Agencies:
    return load_agencies()


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_evidence_is_found(row: Row, agencies: Agencies) -> None:
    signs = article_of(record_of(row), agencies).source.evidence
    found = [_compared(sign.model_dump()) for sign in signs if sign.kind != "own_site"]
    assert found == [_compared(sign) for sign in row["evidence"]]


def _compared(sign: Row) -> tuple[str, str, str]:
    """A sign without the name, of which a house has several."""
    return sign["kind"], sign["domain"], sign["text"]


def test_labels_are_consistent() -> None:
    stories = {row["id"]: row["story"] for row in ROWS}
    assert len(stories) == len(ROWS)
    assert all(stories.get(row["canonical"]) == row["story"] for row in ROWS)
    assert len({(row["story"], row["canonical"]) for row in ROWS}) == len(set(stories.values()))
    assert {article_id(row["id"]) for row in ROWS} == {record_of(row)["id"] for row in ROWS}
    looks_alike = {"template", "update", "background_only", "quote", "roundup", "follow_up"}
    looks_alike |= {"furniture", "report", "photo"}
    assert all(row["hard"] == (row["kind"] in looks_alike) for row in ROWS)
