"""The two dashboards: News for who reads, Crawl health for who keeps the crawler running."""

from __future__ import annotations

from dataclasses import dataclass

from index.kibana.envelope import Naming, Reference, SavedObject, kql, packed, saved_object
from index.kibana.panels import Control, Panel, Row, control_group, placed
from index.kibana.views import View, views_of

HOW_TO_SEARCH = """**Search.** Words side by side mean *any of them*: `мэр Москвы` finds every article with either word.
`мэр and Москвы` has both, `"мэр Москвы"` the phrase, `title: (мэр and Москвы)` both in the headline,
`мэр and not Москвы` the one without the other. Every form of a word is found, and ё is е.
A beginning of a word: `title.exact: Москв*`. More examples: the *saved queries* menu beside the query bar.

**Copies.** This page counts each story once. The link *all copies* in a table opens every article of that story.
[Latest](discover#/view/{latest}) · [By source](discover#/view/{by_source}) ·
[Most republished](discover#/view/{republished}) · [All copies](discover#/view/{copies}) ·
[From wires](discover#/view/{wires}) · [Revised](discover#/view/{revised}) ·
[Without a date](discover#/view/{undated}) · [Crawl health](dashboards#/view/{health})"""

HOW_TO_READ = """**Late or silent?** *Freshness* has the time of each site's last run and of its newest article.
**Empty?** *New articles per site* shows who gives nothing. **A new layout?** A *fill* line that falls.
**Index away?** The *outbox* grows: `svodka status` on the machine says why. [News](dashboards#/view/{news})"""

_LINKS = ("latest", "by-source", "republished", "copies", "wires", "revised", "undated")


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard: its rows of panels from the top, and controls on one view."""

    name: str
    title: str
    description: str
    rows: tuple[Row, ...]
    controls: tuple[Control, ...]
    view: View


def dashboards_of(naming: Naming) -> list[Dashboard]:
    """Both dashboards."""
    return [_news(naming), _health(naming)]


def saved_dashboards(naming: Naming) -> list[SavedObject]:
    """The dashboards as saved objects."""
    return [_saved(dashboard, naming) for dashboard in dashboards_of(naming)]


def _news(naming: Naming) -> Dashboard:
    links = {name.replace("-", "_"): naming.id(f"search-{name}") for name in _LINKS}
    text = HOW_TO_SEARCH.format(health=naming.id("dashboard-health"), **links)

    def lens(name: str, width: int) -> Panel:
        return Panel("lens", naming.id(f"lens-{name}"), width)

    def search(name: str) -> Panel:
        return Panel("search", naming.id(f"search-{name}"), 48)

    rows = (
        Row(8, (Panel("markdown", text, 48),)),
        Row(6, (lens("stories", 12), lens("articles", 12), lens("copies", 12), lens("sources-number", 12))),
        Row(14, (lens("per-day", 30), lens("sources", 18))),
        Row(14, (search("republished"),)),
        Row(13, (lens("sections", 30), lens("languages", 18))),
        Row(20, (search("latest"),)),
    )
    controls = (Control("site", "Site"), Control("source.name", "Source"), Control("language", "Language"))
    return Dashboard(
        "dashboard-news",
        "News",
        "What was published, each story once.",
        rows,
        controls,
        views_of(naming).stories,
    )


def _health(naming: Naming) -> Dashboard:
    text = HOW_TO_READ.format(news=naming.id("dashboard-news"))

    def lens(name: str, width: int) -> Panel:
        return Panel("lens", naming.id(f"lens-{name}"), width)

    rows = (
        Row(5, (Panel("markdown", text, 48),)),
        Row(6, (lens("runs", 12), lens("runs-problems", 12), lens("new", 12), lens("outbox-now", 12))),
        Row(13, (lens("runs-ended", 24), lens("new-per-site", 24))),
        Row(16, (lens("freshness", 48),)),
        Row(16, (lens("outcomes", 48),)),
        Row(13, (lens("fill", 24), lens("outbox", 24))),
        Row(16, (Panel("search", naming.id("search-problems"), 48),)),
    )
    controls = (Control("site", "Site"), Control("finish", "How it ended"), Control("host", "Machine"))
    return Dashboard(
        "dashboard-health", "Crawl health", "What the crawler did and whether all is well.", rows, controls,
        views_of(naming).runs,
    )  # fmt: skip


def _saved(dashboard: Dashboard, naming: Naming) -> SavedObject:
    panels: list[dict[str, object]] = []
    references: list[Reference] = []
    for panel, needed in placed(dashboard.rows):
        panels.append(panel)
        references += needed
    group, views = control_group(dashboard.controls, dashboard.view)
    options = {
        "useMargins": True,
        "syncColors": True,  # a site has one colour in every chart
        "syncCursor": True,
        "syncTooltips": False,
        "hidePanelTitles": False,
    }
    attributes = {
        "title": naming.title(dashboard.title),
        "description": dashboard.description,
        "panelsJSON": packed(panels),
        "optionsJSON": packed(options),
        "timeRestore": True,
        "timeFrom": "now-7d",
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60000},
        "controlGroupInput": group,
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed({"query": kql(""), "filter": []})},
    }
    return saved_object("dashboard", naming.id(dashboard.name), attributes, [*references, *views])
