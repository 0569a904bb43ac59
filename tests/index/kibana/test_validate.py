"""Every rule of the validator catches the object that breaks it, and says which and where."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from index.kibana.objects import ndjson
from index.kibana.validate import InvalidObjects, faults_of, require_valid
from tests.index.kibana.broken import Change, broken, drop, put

VIEW = "index-pattern news"
SEARCH = "search news-search-latest"
LENS = "lens news-lens-per-day"
FIGURE = "lens news-lens-stories"
RING = "lens news-lens-languages"
TABLE = "lens news-lens-freshness"
BOARD = "dashboard news-dashboard-news"
QUERY = "query news-query-ru-and"

A = "attributes"
SOURCE = (A, "kibanaSavedObjectMeta", "searchSourceJSON")
LAYER = (A, "state", "datasourceStates", "formBased", "layers", "layer1")
COLUMNS = (*LAYER, "columns")
LOOK = (A, "state", "visualization")
PANELS = (A, "panelsJSON")
CONTROLS = (A, "controlGroupInput", "panelsJSON")
MORE = {"type": "search", "id": "news-search-latest", "name": "more"}


def append(*path: str | int, value: Any) -> Change:
    def change(saved: dict[str, Any]) -> None:
        parent: Any = saved
        for key in path:
            parent = parent[key]
        parent.append(value)

    return change


BROKEN: list[tuple[str, Change, str]] = [
    # Envelope, keys, versions
    (VIEW, put("type", value="map"), "map news: Input tag 'map' found using 'type' does not match"),
    (VIEW, put("managed", value=True), f"{VIEW}: managed: Input should be False"),
    (VIEW, put("surplus", value=1), f"{VIEW}: surplus: Extra inputs are not permitted"),
    (VIEW, put("coreMigrationVersion", value="9.0.0"), f"{VIEW}: coreMigrationVersion: Input should be '8.8.0'"),
    (VIEW, put("typeMigrationVersion", value="10.1.0"), f"{VIEW}: typeMigrationVersion: Input should be '8.0.0'"),
    (BOARD, put("typeMigrationVersion", value="10.3.0"), f"{BOARD}: typeMigrationVersion: Input should be '10.2.0'"),
    (VIEW, drop("references"), f"{VIEW}: references: Field required"),
    (VIEW, put(A, "fields", value="[]"), f"{VIEW}: attributes.fields: Extra inputs"),
    (SEARCH, put(A, "tabs", value=[]), f"{SEARCH}: attributes.tabs: Extra inputs"),
    (SEARCH, put(A, "sampleSize", value=5), f"{SEARCH}: attributes.sampleSize: Input should be greater"),
    (SEARCH, put(A, "sort", 0, 1, value="down"), f"{SEARCH}: attributes.sort.0.1: Input should be 'asc' or 'desc'"),
    (LENS, put(A, "visualizationType", value="lnsMap"), f"{LENS}: attributes: Input tag 'lnsMap'"),
    (BOARD, put(A, "sections", value=[]), f"{BOARD}: attributes.sections: Extra inputs"),
    (QUERY, put(A, "titleKeyword", value="x"), f"{QUERY}: attributes.titleKeyword: Extra inputs"),
    (QUERY, put(A, "query", "language", value="lucene"), f"{QUERY}: attributes.query.language: Input should be 'kuery'"),
    # JSON inside text
    (VIEW, put(A, "fieldFormatMap", value="{"), f"{VIEW}: attributes.fieldFormatMap: Invalid JSON"),
    (VIEW, put(A, "fieldAttrs", value={}), f"{VIEW}: attributes.fieldAttrs: JSON input should be"),
    (VIEW, put(A, "sourceFilters", value="[1]"), f"{VIEW}: attributes.sourceFilters.0: Input should be"),
    (VIEW, put(A, "runtimeFieldMap", value="nope"), f"{VIEW}: attributes.runtimeFieldMap: Invalid JSON"),
    (SEARCH, put(*SOURCE, value="{]"), f"{SEARCH}: attributes.kibanaSavedObjectMeta.searchSourceJSON: Invalid JSON"),
    (BOARD, put(*PANELS, value="[,]"), f"{BOARD}: attributes.panelsJSON: Invalid JSON"),
    (BOARD, put(A, "optionsJSON", value="{}"), f"{BOARD}: attributes.optionsJSON.useMargins: Field required"),
    (BOARD, put(*CONTROLS, value="{"), f"{BOARD}: attributes.controlGroupInput.panelsJSON: Invalid JSON"),
    (
        BOARD,
        put(A, "controlGroupInput", "ignoreParentSettingsJSON", value="1"),
        f"{BOARD}: attributes.controlGroupInput.ignoreParentSettingsJSON: Input should be",
    ),
    # References
    (SEARCH, append("references", value=MORE), f"{SEARCH}: references: more is used by nothing"),
    (SEARCH, drop("references", 0), f"{SEARCH}: references: kibanaSavedObjectMeta.searchSourceJSON.index is used and"),
    (SEARCH, put("references", 0, "id", value="nowhere"), "leads to index-pattern nowhere, which is not in the file"),
    (SEARCH, put("references", 0, "type", value="search"), "index leads to a search, not to a index-pattern"),
    (
        SEARCH,
        append("references", value={"type": "index-pattern", "id": "news", "name": f"{'kibanaSavedObjectMeta'}.searchSourceJSON.index"}),
        "searchSourceJSON.index is there 2 times",
    ),
    (BOARD, put("references", 0, "id", value="news-lens-gone"), "leads to lens news-lens-gone, which is not in the file"),
    (BOARD, drop("references", -1), f"{BOARD}: references: controlGroup_language:optionsListDataView is used and not"),
    (
        VIEW,
        append("references", value={"type": "lens", "id": "news-lens-fill", "name": "x"}),
        "leads to lens news-lens-fill, which comes later in the file",
    ),
    (LENS, put("references", 0, "name", value="indexpattern-datasource-layer-a"), "layer-layer1 is used and not there"),
    (
        QUERY,
        put(A, "filters", value=[{"meta": {"indexRefName": "view"}, "query": {}}]),
        f"{QUERY}: references: view is used and not there",
    ),
    # Data views
    (VIEW, put(A, "title", value="newz"), f"{VIEW}: title: newz is no alias of this index: news, news-all, svodka-runs"),
    (VIEW, put(A, "timeFieldName", value="title"), f"{VIEW}: timeFieldName: title is no date"),
    (VIEW, put(A, "timeFieldName", value="published"), f"{VIEW}: timeFieldName: published is no date"),
    (VIEW, put(A, "fieldAttrs", "headline", value={}), f"{VIEW}: fieldAttrs: no such field: headline"),
    (VIEW, put(A, "fieldFormatMap", "link", value={"id": "url"}), f"{VIEW}: fieldFormatMap: no such field: link"),
    (VIEW, put(A, "fieldFormatMap", "url", "id", value="links"), f"{VIEW}: attributes.fieldFormatMap.url.id: Input"),
    (
        VIEW,
        put(A, "fieldFormatMap", "url", "params", value={"bogus": 1}),
        f"{VIEW}: fieldFormatMap: url: a url has no parameter bogus",
    ),
    (SEARCH, put(A, "rowHeight", value=-99), f"{SEARCH}: attributes.rowHeight: Input should be"),
    (SEARCH, put(A, "rowsPerPage", value=0), f"{SEARCH}: attributes.rowsPerPage: Input should be"),
    (
        SEARCH,
        put(A, "refreshInterval", value={"pause": True, "value": -1}),
        f"{SEARCH}: attributes.refreshInterval.value: Input should be",
    ),
    (
        SEARCH,
        put(A, "timeRange", value={"from": "now", "to": "now-7d/d"}),
        f"{SEARCH}: timeRange: 'now-7d/d' is before 'now'",
    ),
    (
        SEARCH,
        put(A, "timeRange", value={"from": "2026-02-01", "to": "2026-01-01"}),
        f"{SEARCH}: timeRange: '2026-01-01' is before '2026-02-01'",
    ),
    (BOARD, put(A, "timeTo", value="now-1y"), f"{BOARD}: timeFrom, timeTo: 'now-1y' is before"),
    (VIEW, put(A, "sourceFilters", 0, "value", value="shingle*"), f"{VIEW}: sourceFilters: shingle* matches no field"),
    (
        VIEW,
        put(A, "fieldFormatMap", "story_id", "params", "urlTemplate", value="../app/discover#/view/gone?x"),
        f"{VIEW}: fieldFormatMap: story_id: link to search gone, which is not in the file",
    ),
    (
        VIEW,
        put(A, "fieldFormatMap", "url", "params", "urlTemplate", value="javascript:alert(1)"),
        f"{VIEW}: fieldFormatMap: url: Kibana shows no link for 'javascript:alert(1)'",
    ),
    # Searches
    (SEARCH, put(A, "columns", 0, value="source_name"), f"{SEARCH}: columns: no such field: source_name"),
    (SEARCH, put(A, "columns", 0, value="title.exact"), f"{SEARCH}: columns: the data view hides title.exact"),
    (SEARCH, put(A, "sort", 0, 0, value="published"), f"{SEARCH}: sort: no such field: published"),
    (SEARCH, put(A, "sort", 0, 0, value="title"), f"{SEARCH}: sort: title has no doc values"),
    (SEARCH, put(A, "breakdownField", value="body"), f"{SEARCH}: breakdownField: body has no doc values"),
    (SEARCH, put(*SOURCE, "indexRefName", value="x"), f"{SEARCH}: searchSourceJSON: indexRefName is not"),
    (SEARCH, drop(A, "timeRange"), f"{SEARCH}: timeRestore: there is no timeRange"),
    (SEARCH, put(A, "timeRange", "from", value="yesterday"), f"{SEARCH}: timeRange: 'yesterday' is no time"),
    # Queries
    (SEARCH, put(*SOURCE, "query", "query", value="a and"), f"{SEARCH}: searchSourceJSON: query 'a and': the query ends"),
    (SEARCH, put(*SOURCE, "query", "query", value="titel: x"), f"{SEARCH}: searchSourceJSON: query 'titel: x': no such"),
    (SEARCH, put(*SOURCE, "query", "query", value="ok: true"), f"{SEARCH}: searchSourceJSON: query 'ok: true': no such"),
    (SEARCH, put(*SOURCE, "query", "query", value="copies > many"), "copies is a number, 'many' is none"),
    (SEARCH, put(*SOURCE, "query", "query", value="published_at > soon"), "published_at is a date, 'soon' is none"),
    (SEARCH, put(*SOURCE, "query", "query", value="image_url: x"), "image_url is kept and cannot be searched"),
    (SEARCH, put(*SOURCE, "query", "query", value="source: { name: x }"), "source is no nested field"),
    (QUERY, put(A, "query", "query", value="titel: x"), f"{QUERY}: query 'titel: x': no such field: titel"),
    (LENS, put(A, "state", "query", "query", value="(a"), f"{LENS}: query '(a': the '(' at character 1 has no ')'"),
    (BOARD, put(*SOURCE, "query", "query", value='"a'), f"{BOARD}: searchSourceJSON: query '\"a': a quote"),
    (
        "lens news-lens-copies",
        put(*COLUMNS, "copies", "filter", "query", value="rule: copy"),
        "lens news-lens-copies: layer1: column copies: query 'rule: copy': no such field: rule",
    ),
    # Charts
    (LENS, put(*LAYER, "columnOrder", value=["time", "count"]), f"{LENS}: layer1: columnOrder ['time', 'count'] are not"),
    (LENS, put(*LAYER, "columnOrder", value=["count", "by_site", "time"]), "columnOrder: groups come before figures"),
    (LENS, put(*COLUMNS, "time", "isBucketed", value=False), "column time: isBucketed: a date_histogram groups"),
    (LENS, put(*COLUMNS, "by_site", "isBucketed", value=False), "column by_site: isBucketed: a terms groups"),
    (LENS, put(*COLUMNS, "count", "isBucketed", value=True), "column count: isBucketed: a count does not group"),
    (LENS, put(*COLUMNS, "count", "isBucketed", value=True), f"{LENS}: layer1: there is no figure"),
    (LENS, put(*COLUMNS, "by_site", "sourceField", value="sight"), "column by_site: sourceField: no such field: sight"),
    (LENS, put(*COLUMNS, "by_site", "sourceField", value="title"), "sourceField: title has no doc values"),
    (LENS, put(*COLUMNS, "by_site", "sourceField", value="image_url"), "sourceField: image_url has no doc values"),
    (LENS, put(*COLUMNS, "by_site", "sourceField", value="copies"), "dataType: copies is a number, not a string"),
    (LENS, put(*COLUMNS, "time", "sourceField", value="site"), "no date_histogram of site, which is a string"),
    (LENS, put(*COLUMNS, "count", "sourceField", value="copies"), "a count is of ___records___, not of copies"),
    (LENS, put(*COLUMNS, "by_site", "params", "orderBy", "columnId", value="n"), "orderBy: n is no figure of the layer"),
    (LENS, put(*COLUMNS, "time", "params", "interval", value="2w"), "time.date_histogram.params.interval: String should"),
    (LENS, put(*COLUMNS, "count", "operationType", value="counter_rate"), "columns.count: Input tag 'counter_rate'"),
    (LENS, put(*COLUMNS, "by_site", "scale", value="ratio"), "by_site.terms.scale: Input should be 'ordinal'"),
    (LENS, put(*LAYER, "incompleteColumns", value={"x": {}}), "layer1.incompleteColumns: Dictionary should have at most"),
    (LENS, put(*LOOK, "layers", 0, "accessors", value=["n"]), f"{LENS}: layer1: visualization: there is no column n"),
    (LENS, put(*LOOK, "layers", 0, "accessors", value=["time"]), "time is a group where a figure should be"),
    (LENS, put(*LOOK, "layers", 0, "xAccessor", value="count"), "count is a figure where a group should be"),
    (LENS, drop(*LOOK, "layers", 0, "splitAccessor"), f"{LENS}: layer1: visualization: column by_site is not shown"),
    (LENS, put(*LOOK, "layers", 0, "layerId", value="l2"), f"{LENS}: visualization: there is no layer l2"),
    (LENS, put(*LOOK, "layers", 0, "layerId", value="l2"), f"{LENS}: layer1: the layer is not drawn"),
    (FIGURE, put(*LOOK, "metricAccessor", value="none"), f"{FIGURE}: layer1: visualization: there is no column none"),
    (RING, put(*LOOK, "layers", 0, "metrics", value=["by_language"]), "by_language is a group where a figure should be"),
    (TABLE, put(*LOOK, "columns", 0, "columnId", value="gone"), f"{TABLE}: layer1: visualization: there is no column gone"),
    (TABLE, put(*COLUMNS, "sources_failed", "sourceField", value="ok"), "no sum of ok, which is a boolean"),
    # Dashboards
    (BOARD, put(*PANELS, 0, "gridData", "w", value=49), f"{BOARD}: panel p1: x 0, y 0, w 49, h 8 is not inside the 48"),
    (BOARD, put(*PANELS, 0, "gridData", "h", value=0), "panel p1: x 0, y 0, w 48, h 0 is not inside"),
    (BOARD, put(*PANELS, 0, "gridData", "h", value=9), f"{BOARD}: panel p1 and panel p2 lie over each other"),
    (BOARD, put(*PANELS, 0, "gridData", "i", value="p9"), f"{BOARD}: panel p1: gridData.i is p9"),
    (BOARD, put(*PANELS, 1, "panelIndex", value="p1"), f"{BOARD}: panel p1: there are 2 of this panelIndex"),
    (BOARD, put(*PANELS, 1, "panelRefName", value="panel_x"), f"{BOARD}: panel p2: panelRefName is panel_x, not panel_p2"),
    (BOARD, drop(*PANELS, 1, "panelRefName"), f"{BOARD}: panel p2: neither a reference nor markdown"),
    (
        BOARD,
        put(*PANELS, 0, "embeddableConfig", "savedVis", "params", "markdown", value="[x](discover#/view/gone)"),
        f"{BOARD}: panel p1: link to search gone, which is not in the file",
    ),
    (BOARD, put(*CONTROLS, "site", "explicitInput", "id", value="x"), f"{BOARD}: control site: explicitInput.id is x"),
    (BOARD, put(*CONTROLS, "site", "explicitInput", "fieldName", value="x"), "control site: no such field: x"),
    (BOARD, put(*CONTROLS, "site", "explicitInput", "fieldName", value="lead"), "control site: lead has no doc values"),
    (BOARD, drop(A, "timeTo"), f"{BOARD}: timeRestore: timeFrom or timeTo is missing"),
    (BOARD, put(A, "timeFrom", value="-7d"), f"{BOARD}: timeFrom, timeTo: '-7d' is no time"),
]  # fmt: skip


@pytest.mark.parametrize(("object_name", "change", "fault"), BROKEN, ids=[fault[:70] for *_, fault in BROKEN])
def test_each_fault_is_told_with_object_and_place(object_name: str, change: Change, fault: str) -> None:
    faults = faults_of(broken(object_name, change))
    assert any(fault in each for each in faults), faults


@pytest.mark.parametrize("prefix", ["news", "svodka-demo", "a.b_c-9"])
def test_what_is_generated_has_no_fault(prefix: str) -> None:
    assert faults_of(ndjson(prefix), prefix) == []


def test_objects_of_another_index_are_told() -> None:
    assert any("other is no alias of this index" in fault for fault in faults_of(ndjson("other")))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "null",
        "[]",
        "1",
        '"x"',
        '{"type":"lens"}',
        '{"type":1,"id":2}',
        "\x00",
        '{"type":"lens","id":[]}',
    ],
)
def test_a_damaged_line_is_told_by_its_number_or_name(line: str) -> None:
    faults = faults_of(f"{ndjson()}{line}\n")
    assert faults
    assert all(fault.startswith(("line 44: ", "lens []: ", "1 2: ")) for fault in faults)


def test_a_line_separator_within_a_text_ends_no_line() -> None:
    text = broken(QUERY, put(A, "description", value="one\u2028two\x85three"))
    assert faults_of(text) == []


def test_the_same_object_twice_is_told() -> None:
    text = ndjson()
    again = text.splitlines()[0]
    assert faults_of(f"{text}{again}\n")[0] == "line 44: index-pattern news is there twice"


def test_a_tag_may_be_referred_to() -> None:
    tag = {
        "type": "tag", "id": "t", "managed": False, "references": [], "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": "8.0.0", "attributes": {"name": "n", "description": "", "color": "#3B6EA5"},
    }  # fmt: skip
    reference = {"type": "tag", "id": "t", "name": "tag-ref-t"}
    text = broken(BOARD, append("references", value=reference))
    assert faults_of(f"{json.dumps(tag)}\n{text}") == []
    tag["attributes"] = {"name": "n", "description": "", "color": "red"}
    assert any("tag t: attributes.color" in fault for fault in faults_of(f"{json.dumps(tag)}\n{text}"))


def test_require_valid_raises_with_every_fault() -> None:
    text = broken(SEARCH, put(A, "columns", value=["x", "y"]))
    with pytest.raises(InvalidObjects, match=r"no such field: x\n.*no such field: y"):
        require_valid(text)
    require_valid(ndjson())


@pytest.mark.parametrize(
    ("text", "arguments", "code", "told"),
    [
        (ndjson(), ["-"], 0, "43 objects, no faults\n"),
        (ndjson("x"), ["-", "x"], 0, "43 objects, no faults\n"),
        (ndjson("x"), ["-"], 1, "x is no alias of this index"),
        ("", [], 2, ""),
        ("", ["nowhere.ndjson"], 2, ""),
        ("", ["--help"], 0, "python -m index.kibana.validate -"),
    ],
)
def test_as_a_command(text: str, arguments: list[str], code: int, told: str) -> None:
    command = [sys.executable, "-m", "index.kibana.validate", *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert told in done.stdout
