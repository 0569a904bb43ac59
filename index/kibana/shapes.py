"""The shape of each saved object: its keys, types and versions, JSON inside text included.

Kibana refuses unknown keys of most types and stores those of the others to no use, so each is a fault here. What
the keys mean: the `schema` folders of Kibana's plug-ins data_views, saved_search, lens and dashboard, 8.19.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Json, TypeAdapter

from index.kibana.lens_shapes import Kql, LensAttributes, Shape

Text = Annotated[str, Field(min_length=1)]


class Reference(Shape):
    """One reference of an object to another."""

    name: Text
    type: Text
    id: Text


class Envelope(Shape):
    """What every object has."""

    id: Text
    references: list[Reference]
    managed: Literal[False]
    core_migration_version: Literal["8.8.0"]


class FilterMeta(Shape):
    """What a stored filter says of itself."""

    index_ref_name: str | None = None
    index: str | None = None
    alias: str | None = None
    disabled: bool = False
    negate: bool = False
    key: str | None = None
    field: str | None = None
    type: str | None = None
    params: Any = None
    value: Any = None


class Filter(Shape):
    """A filter pill: its description and its clause."""

    meta: FilterMeta
    query: dict[str, Any] | None = None
    state: dict[str, Any] | None = Field(default=None, alias="$state")


class SearchSource(Shape):
    """The query and filters of a search, or of a dashboard (which has no view of its own)."""

    query: Kql
    filter: list[Filter]
    index_ref_name: str | None = None


class Meta(Shape):
    """The search source, as JSON text."""

    search_source: Json[SearchSource] = Field(alias="searchSourceJSON")


RowHeight = Annotated[int, Field(ge=-1, le=20)]
"""Lines of a row in Discover; -1: as many as it takes."""


class TimeRange(Shape):
    """Date math, as in 'now-7d'."""

    from_: Text = Field(alias="from")
    to: Text


class RefreshInterval(Shape):
    """How often a page asks again, in milliseconds."""

    pause: bool
    value: Annotated[int, Field(ge=0)]


class SourceFilter(Shape):
    """A field, or a pattern of fields, that Discover leaves out."""

    value: Text


class FieldFormat(Shape):
    """How a field's values are shown."""

    id: Literal["url", "date", "number", "percent", "string", "boolean", "duration", "bytes"]
    params: dict[str, Any] | None = None


class FieldAttributes(Shape):
    """A field's label."""

    custom_label: str | None = None
    custom_description: str | None = None
    count: int | None = None


class ViewAttributes(Shape):
    """A data view."""

    title: Text
    name: Text
    time_field_name: Text
    source_filters: Json[list[SourceFilter]] | None = None
    field_format_map: Json[dict[str, FieldFormat]] | None = None
    field_attrs: Json[dict[str, FieldAttributes]] | None = None
    runtime_field_map: Json[dict[str, Any]] | None = None
    type_meta: Json[dict[str, Any]] | None = None
    type: str | None = None
    allow_no_index: bool = False
    allow_hidden: bool = False


class SearchAttributes(Shape):
    """A saved search of Discover, up to model version 5."""

    title: Text
    description: str = ""
    columns: list[str]
    sort: list[tuple[str, Literal["asc", "desc"]]]
    grid: dict[str, Any] | None = None
    row_height: RowHeight | None = None
    rows_per_page: Annotated[int, Field(ge=1, le=10_000)] | None = None
    header_row_height: RowHeight | None = None
    sample_size: Annotated[int, Field(ge=10, le=10_000)] = 500
    hide_chart: bool = False
    breakdown_field: str | None = None
    kibana_saved_object_meta: Meta
    is_text_based_query: Literal[False] = False
    uses_ad_hoc_data_view: Literal[False] = False
    time_restore: bool = False
    time_range: TimeRange | None = None
    refresh_interval: RefreshInterval | None = None
    view_mode: Literal["documents", "aggregated", "patterns"] | None = None
    hide_aggregated_preview: bool = False
    density: Literal["compact", "normal", "expanded"] | None = None


class Grid(Shape):
    """A panel's place."""

    x: int
    y: int
    w: int
    h: int
    i: Text


class MarkdownParams(Shape):
    """A text on a dashboard."""

    markdown: Text
    font_size: int
    open_links_in_new_tab: bool


class NoData(Shape):
    """A text asks for nothing."""

    aggs: Annotated[list[Any], Field(max_length=0)]
    search_source: Annotated[dict[str, Any], Field(max_length=0)]


class Markdown(Shape):
    """A text that is kept in the dashboard itself; the one kind of visualization without Lens."""

    type: Literal["markdown"]
    title: str
    params: MarkdownParams
    ui_state: Annotated[dict[str, Any], Field(max_length=0)]
    data: NoData


class Embedded(Shape):
    """What a panel keeps itself."""

    enhancements: dict[str, Any]
    saved_vis: Markdown | None = None


class Panel(Shape):
    """A panel of a dashboard."""

    type: Literal["lens", "search", "visualization"]
    panel_index: Text
    grid_data: Grid
    embeddable_config: Embedded
    panel_ref_name: str | None = None
    title: str | None = None
    version: str | None = None


class Options(Shape):
    """Looks of a dashboard."""

    use_margins: bool
    sync_colors: bool
    sync_cursor: bool
    sync_tooltips: bool
    hide_panel_titles: bool


class ControlInput(Shape):
    """What a control asks for."""

    id: Text
    field_name: Text
    title: str | None = None


class Control(Shape):
    """A control above the panels."""

    order: int
    width: Literal["small", "medium", "large"]
    grow: bool
    type: Literal["optionsListControl", "rangeSliderControl"]
    explicit_input: ControlInput


class Ignored(Shape):
    """What of the dashboard controls do not heed."""

    ignore_filters: bool
    ignore_query: bool
    ignore_timerange: bool
    ignore_validations: bool


class ControlGroup(Shape):
    """All controls of a dashboard."""

    panels: Json[dict[str, Control]] = Field(alias="panelsJSON")
    ignore_parent_settings: Json[Ignored] = Field(alias="ignoreParentSettingsJSON")
    control_style: Literal["oneLine", "twoLine"]
    chaining_system: Literal["HIERARCHICAL", "NONE"]
    show_apply_selections: bool = False


class DashboardAttributes(Shape):
    """A dashboard, up to model version 2."""

    title: Text
    description: str = ""
    panels: Json[list[Panel]] = Field(alias="panelsJSON")
    options: Json[Options] = Field(alias="optionsJSON")
    kibana_saved_object_meta: Meta
    time_restore: bool = False
    time_from: str | None = None
    time_to: str | None = None
    refresh_interval: RefreshInterval | None = None
    control_group_input: ControlGroup | None = None


class QueryAttributes(Shape):
    """A saved query."""

    title: Text
    description: str
    query: Kql
    filters: Annotated[list[Filter], Field(max_length=100)]
    timefilter: TimeRange | None = None


class TagAttributes(Shape):
    """A tag."""

    name: Text
    description: str
    color: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")]


class SavedView(Envelope):
    """A data view with its envelope."""

    type: Literal["index-pattern"]
    type_migration_version: Literal["8.0.0"]
    attributes: ViewAttributes


class SavedSearch(Envelope):
    """A saved search with its envelope."""

    type: Literal["search"]
    type_migration_version: Literal["8.0.0", "10.5.0"]
    attributes: SearchAttributes


class SavedLens(Envelope):
    """A chart with its envelope."""

    type: Literal["lens"]
    type_migration_version: Literal["8.9.0"]
    attributes: LensAttributes


class SavedDashboard(Envelope):
    """A dashboard with its envelope."""

    type: Literal["dashboard"]
    type_migration_version: Literal["10.2.0"]
    attributes: DashboardAttributes


class SavedQuery(Envelope):
    """A saved query with its envelope."""

    type: Literal["query"]
    type_migration_version: Literal["8.0.0"]
    attributes: QueryAttributes


class SavedTag(Envelope):
    """A tag with its envelope."""

    type: Literal["tag"]
    type_migration_version: Literal["8.0.0"]
    attributes: TagAttributes


Saved = SavedView | SavedSearch | SavedLens | SavedDashboard | SavedQuery | SavedTag
SAVED: TypeAdapter[Saved] = TypeAdapter(Annotated[Saved, Field(discriminator="type")])
