"""docs/kibana.md names what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.kibana.dashboards import dashboards_of
from index.kibana.envelope import Naming
from index.kibana.lenses import charts_of
from index.kibana.queries import EXAMPLES
from index.kibana.searches import searches_of
from index.kibana.views import views_of

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "kibana.md").read_text("utf-8")
VIEWS = views_of(Naming())


@pytest.mark.parametrize("title", [each.title for each in searches_of(Naming())])
def test_every_search_is_explained(title: str) -> None:
    assert f"| {title} |" in DOCS


@pytest.mark.parametrize("query", [each.query for each in EXAMPLES if each.name.startswith("query-ru")])
def test_every_russian_example_is_explained(query: str) -> None:
    assert f"| `{query}` |" in DOCS


def test_views_and_dashboards_are_explained() -> None:
    for view in (VIEWS.stories, VIEWS.articles, VIEWS.runs):
        assert f"**{view.name}** (`{view.alias}`)" in DOCS
    for dashboard in dashboards_of(Naming()):
        assert f"## The dashboard {dashboard.title}" in DOCS


def test_panels_of_crawl_health_are_called_by_their_titles() -> None:
    titles = {chart.title for chart in charts_of(Naming())} | {each.title for each in searches_of(Naming())}
    part = DOCS.partition("## The dashboard Crawl health")[2].partition("\n## ")[0]
    named = {line.rpartition("| *")[2].partition("*")[0] for line in part.splitlines() if "| *" in line}
    assert named
    assert named <= titles


def test_every_file_that_is_linked_is_there() -> None:
    for link in DOCS.split("](")[1:]:
        target = link.partition(")")[0].partition("#")[0]
        assert not target or (ROOT / "docs" / target).exists(), target
