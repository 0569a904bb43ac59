"""The charts of the two dashboards."""

from __future__ import annotations

from index.kibana.charts import Chart, figure, ring, saved_chart, table, xy
from index.kibana.columns import PERCENT, Column, count, measure, over_time, top, values
from index.kibana.envelope import Naming, SavedObject
from index.kibana.fields import outcomes
from index.kibana.views import View, views_of

MOST_SITES = 100  # rows of a table; more sites than that are looked at with the control


def charts_of(naming: Naming) -> list[Chart]:
    """Every chart, in the order of the documentation."""
    views = views_of(naming)
    return [
        *_news(views.stories, views.articles),
        *_news_parts(views.stories),
        *_runs(views.runs),
        *_sites(views.runs),
    ]


def saved_charts(naming: Naming) -> list[SavedObject]:
    """The charts as saved objects."""
    return [saved_chart(chart, naming) for chart in charts_of(naming)]


def _news(stories: View, articles: View) -> list[Chart]:
    number = count("Stories")
    site = top(stories, "site", 12, number, "Site", other=True)
    texts = count("Articles")
    source = top(articles, "source.name", 12, texts, "Source")
    return [
        Chart(
            "lens-stories", "Stories", "Each story once.", stories, *figure(number),
        ),
        Chart(
            "lens-articles", "Articles, copies too", "Everything that was published.", articles,
            *figure(texts),
        ),
        Chart(
            "lens-copies", "Copies", "Articles that reprint another one.", articles,
            *figure(count("Copies", only="role: copy", id="copies")),
        ),
        Chart(
            "lens-sources-number", "Sources", "Houses whose texts were published.", articles,
            *figure(measure(articles, "unique_count", "source.name", "Sources")),
        ),
        Chart(
            "lens-per-day", "Stories per day by site", "Each story counts once, for the site of its original.",
            stories, *xy("bar_stacked", x=over_time(stories, "1d"), split=site, metrics=[number]),
        ),
        Chart(
            "lens-sources", "Top sources", "Whose texts were published, on their own pages or by others.",
            articles, *xy("bar_horizontal", x=source, metrics=[texts]),
        ),
    ]  # fmt: skip


def _news_parts(stories: View) -> list[Chart]:
    number = count("Stories")
    return [
        Chart(
            "lens-languages", "Languages", "", stories,
            *ring(top(stories, "language", 6, number, "Language", other=True), number),
        ),
        Chart(
            "lens-sections", "Sections", "As the sites name them; articles without one are left out.", stories,
            *xy("bar_horizontal", x=top(stories, "section", 12, number, "Section"), metrics=[number]),
        ),
    ]  # fmt: skip


def _runs(runs: View) -> list[Chart]:
    number = count("Runs")
    auto = over_time(runs, "auto")
    new = measure(runs, "sum", "outcomes.indexed", "New articles")
    fills = [_fill(runs, name) for name in ("title", "body", "date", "author")]
    outbox = [measure(runs, "max", "waiting", "Waiting"), measure(runs, "max", "dead", "Refused")]
    return [
        Chart("lens-runs", "Runs", "", runs, *figure(number)),
        Chart(
            "lens-runs-problems", "Runs with problems", "", runs,
            *figure(count("Runs with problems", only="ok: false", id="problems")),
        ),
        Chart("lens-new", "New articles", "", runs, *figure(new)),
        Chart("lens-outbox-now", "Most waiting in the outbox", "", runs, *figure(outbox[0])),
        Chart(
            "lens-runs-ended", "Runs and how they ended", "", runs,
            *xy("bar_stacked", x=auto, split=top(runs, "finish", 8, number, "How it ended"), metrics=[number]),
        ),
        Chart(
            "lens-new-per-site", "New articles per site", "", runs,
            *xy("bar_stacked", x=auto, split=top(runs, "site", 12, new, "Site"), metrics=[new]),
        ),
        Chart(
            "lens-fill", "Pages that gave a title, text, date, author",
            "Mean over the runs. A fall means that a site has a new layout.", runs,
            *xy("line", x=auto, metrics=fills),
        ),
        Chart(
            "lens-outbox", "The outbox", "Articles that the index did not take yet, and those it refused.", runs,
            *xy("line", x=auto, metrics=outbox),
        ),
    ]  # fmt: skip


def _sites(runs: View) -> list[Chart]:
    site = values(runs, "site", MOST_SITES, "Site")
    number = count("Runs")
    ends = [measure(runs, "sum", f"outcomes.{name}", name.replace("_", " ")) for name in outcomes()]
    fresh = [
        measure(runs, "max", "newest_published_at", "Newest article"),
        measure(runs, "max", "finished_at", "Last run ended"),
        number,
        count("with problems", only="ok: false", id="problems"),
        measure(runs, "sum", "sources_failed", "Sources that failed"),
        *(_fill(runs, name) for name in ("title", "body", "date", "author")),
    ]
    return [
        Chart(
            "lens-freshness", "Sites: freshness and yield", "When each site last ran and last had news.", runs,
            *table(site, fresh),
        ),
        Chart(
            "lens-outcomes", "Sites: what became of the links", "", runs,
            *table(site, [measure(runs, "sum", "found", "Found"), *ends]),
        ),
    ]  # fmt: skip


def _fill(runs: View, name: str) -> Column:
    return measure(runs, "average", f"fill.{name}", name.capitalize(), **PERCENT)
