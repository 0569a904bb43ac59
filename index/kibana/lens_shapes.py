"""The shape of a Lens chart. Kibana takes any state at import and fails when the chart is opened; here it is strict."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """Strict, frozen, and spelt in camel case as in Kibana."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=AliasGenerator(alias=to_camel)
    )


class Kql(Shape):
    """A query; Lucene's language is allowed in Kibana and not used by us."""

    query: str
    language: Literal["kuery"]


class OrderBy(Shape):
    """What a terms column is ordered by."""

    type: Literal["column", "alphabetical"]
    column_id: str | None = None
    fallback: bool = False


class ParentFormat(Shape):
    """How values of terms are told from 'Other'."""

    id: Literal["terms"]


class TermsParams(Shape):
    """Settings of a terms column."""

    size: Annotated[int, Field(ge=1, le=10_000)]
    order_by: OrderBy
    order_direction: Literal["asc", "desc"]
    other_bucket: bool
    missing_bucket: bool
    parent_format: ParentFormat


class HistogramParams(Shape):
    """Settings of a date histogram."""

    interval: Annotated[str, Field(pattern=r"^(auto|[1-9]\d*[mhd]|1[wMy])$")]
    include_empty_rows: bool
    drop_partials: bool


class Format(Shape):
    """How a figure is shown."""

    id: Literal["percent", "number", "bytes", "duration"]
    params: dict[str, Any] | None = None


class MetricParams(Shape):
    """Settings of a figure."""

    empty_as_null: bool | None = None
    format: Format | None = None


class ColumnBase(Shape):
    """What every column has."""

    label: Annotated[str, Field(min_length=1)]
    custom_label: bool = False
    data_type: Literal["string", "number", "date", "boolean"]
    source_field: str
    is_bucketed: bool
    filter: Kql | None = None


class TermsColumn(ColumnBase):
    """Groups by the values of a field."""

    operation_type: Literal["terms"]
    scale: Literal["ordinal"]
    params: TermsParams


class HistogramColumn(ColumnBase):
    """Groups by steps of time."""

    operation_type: Literal["date_histogram"]
    scale: Literal["interval"]
    params: HistogramParams


class MetricColumn(ColumnBase):
    """A figure of each group."""

    operation_type: Literal["count", "sum", "average", "max", "min", "unique_count"]
    scale: Literal["ratio"]
    params: MetricParams = MetricParams()


Column = Annotated[TermsColumn | HistogramColumn | MetricColumn, Field(discriminator="operation_type")]


class Layer(Shape):
    """The columns of a layer and their order."""

    column_order: list[str]
    columns: dict[str, Column]
    incomplete_columns: dict[str, Any] = Field(max_length=0)


class FormBased(Shape):
    """The layers of a chart."""

    layers: Annotated[dict[str, Layer], Field(min_length=1)]


class Datasources(Shape):
    """Where a chart's data come from: here always fields, never ES|QL."""

    form_based: FormBased


class Use(NamedTuple):
    """Columns of a layer by the part they play in a chart; a table has either kind anywhere."""

    layer_id: str
    groups: list[str]
    figures: list[str]
    either: list[str] = []  # noqa: RUF012  # never changed


class XyLayer(Shape):
    """A layer of bars, lines or areas."""

    layer_id: str
    layer_type: Literal["data"]
    series_type: Literal["bar", "bar_stacked", "bar_horizontal", "bar_horizontal_stacked", "line", "area"]
    x_accessor: str
    split_accessor: str | None = None
    accessors: Annotated[list[str], Field(min_length=1)]

    @property
    def use(self) -> Use:
        """The columns that it draws."""
        split = [self.split_accessor] if self.split_accessor else []
        return Use(self.layer_id, [*split, self.x_accessor], self.accessors)


class Legend(Shape):
    """Where the names of the colours stand."""

    is_visible: bool
    position: Literal["left", "right", "top", "bottom"]


class Xy(Shape):
    """The looks of bars, lines or areas."""

    legend: Legend
    value_labels: Literal["show", "hide"]
    preferred_series_type: str
    layers: Annotated[list[XyLayer], Field(min_length=1)]

    @property
    def uses(self) -> list[Use]:
        """The columns that each layer draws."""
        return [layer.use for layer in self.layers]


class Metric(Shape):
    """The looks of a single figure."""

    layer_id: str
    layer_type: Literal["data"]
    metric_accessor: str
    breakdown_by_accessor: str | None = None

    @property
    def uses(self) -> list[Use]:
        """The columns that its layer draws."""
        split = [self.breakdown_by_accessor] if self.breakdown_by_accessor else []
        return [Use(self.layer_id, split, [self.metric_accessor])]


class TableColumn(Shape):
    """A column of a table."""

    column_id: str
    width: int | None = None
    is_transposed: bool | None = None


class Paging(Shape):
    """How many rows a page has."""

    size: int
    enabled: bool


class Sorting(Shape):
    """What a table is sorted by."""

    column_id: str
    direction: Literal["asc", "desc"]


class Table(Shape):
    """The looks of a table."""

    layer_id: str
    layer_type: Literal["data"]
    columns: list[TableColumn]
    paging: Paging | None = None
    sorting: Sorting | None = None

    @property
    def uses(self) -> list[Use]:
        """The columns that its layer shows or sorts by."""
        sorting = [self.sorting.column_id] if self.sorting else []
        return [Use(self.layer_id, [], [], [*(column.column_id for column in self.columns), *sorting])]


class PieLayer(Shape):
    """Groups and figures of a ring."""

    layer_id: str
    layer_type: Literal["data"]
    primary_groups: Annotated[list[str], Field(min_length=1)]
    metrics: Annotated[list[str], Field(min_length=1)]
    number_display: Literal["percent", "value", "hidden"]
    category_display: Literal["default", "inside", "hide"]
    legend_display: Literal["default", "show", "hide"]


class Pie(Shape):
    """The looks of a ring."""

    shape: Literal["pie", "donut", "treemap", "waffle", "mosaic"]
    layers: Annotated[list[PieLayer], Field(min_length=1)]

    @property
    def uses(self) -> list[Use]:
        """The columns that each layer draws."""
        return [Use(layer.layer_id, layer.primary_groups, layer.metrics) for layer in self.layers]


Look = TypeVar("Look", Xy, Metric, Table, Pie)


class State(Shape, Generic[Look]):
    """What a chart shows and how."""

    datasource_states: Datasources
    visualization: Look
    query: Kql
    filters: list[dict[str, Any]] = Field(max_length=0)
    internal_references: list[dict[str, Any]] = Field(max_length=0)
    ad_hoc_data_views: dict[str, Any] = Field(max_length=0)


class LensBase(Shape):
    """What every chart has."""

    title: Annotated[str, Field(min_length=1)]
    description: str = ""


class XyLens(LensBase):
    """Bars, lines or areas."""

    visualization_type: Literal["lnsXY"]
    state: State[Xy]


class MetricLens(LensBase):
    """A single figure."""

    visualization_type: Literal["lnsMetric"]
    state: State[Metric]


class TableLens(LensBase):
    """A table."""

    visualization_type: Literal["lnsDatatable"]
    state: State[Table]


class PieLens(LensBase):
    """A ring."""

    visualization_type: Literal["lnsPie"]
    state: State[Pie]


LensAttributes = Annotated[
    XyLens | MetricLens | TableLens | PieLens, Field(discriminator="visualization_type")
]
