from __future__ import annotations

import json
from datetime import UTC, datetime

from index.search.results import MATCH_END, MATCH_START, Bucket, Facets, Results, as_html
from tests.index.search.hits import make_hit


def test_json_has_facets_and_hits() -> None:
    facets = Facets(
        [Bucket("ria.ru", 2)],
        [Bucket("ТАСС", 1)],
        [Bucket("Спорт", 1)],
        [Bucket("ru", 2)],
        [Bucket("canonical", 2)],
        [Bucket("2026-01-18", 2)],
    )
    value = Results("мост", 2, [make_hit()], facets).as_json()
    assert list(value) == ["query", "total", "hits", "facets"]
    assert (value["query"], value["total"]) == ("мост", 2)
    assert value["facets"] == {
        "site": [{"value": "ria.ru", "count": 2}],
        "source": [{"value": "ТАСС", "count": 1}],
        "section": [{"value": "Спорт", "count": 1}],
        "language": [{"value": "ru", "count": 2}],
        "role": [{"value": "canonical", "count": 2}],
        "day": [{"value": "2026-01-18", "count": 2}],
    }
    assert json.loads(json.dumps(value)) == value


def test_times_are_utc_with_z() -> None:
    assert (
        make_hit(published_at=datetime(2026, 1, 18, 9, 5, tzinfo=UTC)).as_json()["published_at"]
        == "2026-01-18T09:05:00Z"
    )


def test_passages_are_escaped_before_they_are_marked() -> None:
    passage = f'<script>"&" {MATCH_START}<b>мост</b>{MATCH_END}'
    assert as_html(passage) == "&lt;script&gt;&quot;&amp;&quot; <mark>&lt;b&gt;мост&lt;/b&gt;</mark>"
    assert make_hit(highlights=[passage]).as_json()["highlights"] == [as_html(passage)]
