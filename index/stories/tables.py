"""The most republished stories, and who republishes whom, as tables for a terminal or a file.

What a page says goes in as plain text: neither control characters nor rich's markup take effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.search.render import OUTLETS, Style, safe, time_shown, wrap

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from index.backend import Republished
    from index.stories.top import Asked, SourcesAsked, Spread, TopStories

_COUNTS = 15  # columns that the two counts take with their gaps
_LONGER = ("7d", "30d", "90d", "365d")  # what is offered for --since, in days


def stories_table(top: TopStories, style: Style) -> str:
    """The stories, most copies first, and what was asked for; ends with a newline.

    Set by hand: an address stays whole, whatever the width, so that it can be clicked and copied.
    """
    inner = Style(style.width - _COUNTS, style.styled, style.zone)
    blocks = [_row(story, _story(story, top.asked, inner)) for story in top.stories]
    head = style.bold(f"{'copies':>6}  {'sites':>5}  story")
    summary = "\n".join(wrap(f"{_counted(top)} {_when(top.asked, style)}{_left_out(top)}", style.width))
    return "\n".join([head, "\n\n".join(blocks), "", summary]) + "\n"


def _row(story: Spread, lines: Sequence[str]) -> str:
    first, *rest = lines
    counts = f"{len(story.copies):>6,}  {len(story.outlets):>5,}  "
    return "\n".join([counts + first, *(" " * _COUNTS + line for line in rest)])


def sources_table(rows: Sequence[Republished], total: int, period: SourcesAsked, style: Style) -> str:
    """Outlets and the sources whose texts they published, most first; `total` pairs there are. Ends with a newline."""
    table = _table()
    table.add_column("copies", justify="right", no_wrap=True)
    for name in ("by", "of", "at"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(f"{row.copies:,}", *(Text(safe(each)) for each in (row.outlet, row.source, row.domain)))
    shown = f"{_first(len(rows))} of {total:,}" if len(rows) < total else f"{total:,}"
    pairs = "pair" if total == 1 else "pairs"
    summary = wrap(f"{shown} {pairs} of an outlet and a source, {_period(period, style)}", style.width)
    return _printed(table, style) + "\n" + "\n".join(summary) + "\n"


def no_stories(top: TopStories, counts: Mapping[str, int], now: datetime, style: Style) -> str:
    """That no story was republished, and what to do; `counts` as `Backend.stats`. Ends with a newline."""
    reason = f"No story {_when(top.asked, style)} was republished{_left_out(top)}."
    tips = _longer(top.asked.since, now)
    if top.asked.site:
        tips.append("no --site: it is the site of the original, not of its copies")
    return _nothing(reason, tips, counts, style)


def no_sources(period: SourcesAsked, counts: Mapping[str, int], now: datetime, style: Style) -> str:
    """That nothing was republished, and what to do; `counts` as `Backend.stats`. Ends with a newline."""
    reason = f"No article {_period(period, style)} is another house's text."
    tips = [*_longer(period.since, now), *["no --site: it is the site of the copies"] * bool(period.site)]
    return _nothing(reason, tips, counts, style)


def _longer(since: datetime, now: datetime) -> list[str]:
    """The advice to look further back, where that is not far back already."""
    longer = next((each for each in _LONGER if timedelta(days=int(each[:-1])) > now - since), "")
    return [f"a longer time: --since {longer}"] if longer else []


def _nothing(reason: str, tips: list[str], counts: Mapping[str, int], style: Style) -> str:
    if not counts["articles"]:
        return "The index is empty: run svodka crawl first.\n"
    if pending := counts["pending"]:
        articles = "1 article that waits" if pending == 1 else f"{pending:,} articles that wait"
        tips.append(f"svodka index reconcile, to find the copies among {articles} to be linked")
    tips.append("svodka crawl, to fetch what is new")
    lines = [*wrap(reason, style.width), "Try:"]
    for tip in tips:
        first, *rest = wrap(tip, style.width - 4)
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _story(story: Spread, asked: Asked, style: Style) -> list[str]:
    """Title; source, site and time; outlets; first and last copy; address; id."""
    article = story.article
    published = time_shown(article.published_at, article.published_precision, style.zone)
    by = [] if article.source.name == article.site else [article.source.name]
    copied = _copied(story, style.zone)
    if (count := story.copies_of(asked)) < len(story.copies):
        copied += f"; {count or 'none'} in the time asked for"
    about = (" · ".join([*by, article.site, published]), _outlets(story.outlets[1:]), copied)
    return [
        *map(style.bold, wrap(article.title, style.width)),
        *(line for each in about for line in wrap(each, style.width)),
        *(style.dim(safe(each)) for each in (article.url, f"story {article.story_id}")),
    ]


def _copied(story: Spread, zone: tzinfo) -> str:
    """When the copies came, and how many of them tell no date."""
    if not story.dated:
        return (
            "1 copy, without a date" if story.undated == 1 else f"{story.undated} copies, all without a date"
        )
    times = [time_shown(copy.published_at, copy.published_precision, zone) for copy in story.dated]
    shown = f"copy {times[0]}" if len(times) == 1 else f"first copy {times[0]}, last {times[-1]}"
    return f"{shown}, {story.undated} without a date" if story.undated else shown


def _outlets(others: list[str]) -> str:
    more = len(others) - OUTLETS
    return f"also on {', '.join(others[:OUTLETS])}" + (f" and {more} more" if more > 0 else "")


def _counted(top: TopStories) -> str:
    if top.complete:
        return f"{len(top.stories):,} republished {'story' if len(top.stories) == 1 else 'stories'}"
    return f"{_first(len(top.stories))} of {top.total:,} stories with copies"


def _first(count: int) -> str:
    return "The first" if count == 1 else f"The first {count:,}"


def _left_out(top: TopStories) -> str:
    if not top.one_site:
        return ""
    stories = "1 story" if top.one_site == 1 else f"{top.one_site:,} stories"
    return f"; {stories} left out whose copies are all on the site of the original"


def _when(asked: Asked, style: Style) -> str:
    """Which stories were asked for: 'published or copied since …, published before …, on ria.ru'."""
    until = f", published before {_moment(asked.until, style)}" if asked.until else ""
    site = f", on {safe(asked.site)}" if asked.site else ""
    return f"published or copied since {_moment(asked.since, style)}{until}{site}"


def _period(asked: SourcesAsked, style: Style) -> str:
    until = f" and before {_moment(asked.until, style)}" if asked.until else ""
    site = f" on {safe(asked.site)}" if asked.site else ""
    return f"published since {_moment(asked.since, style)}{until}{site}"


def _moment(moment: datetime, style: Style) -> str:
    return time_shown(moment, "second", style.zone)


def _table() -> Table:
    return Table(box=None, pad_edge=False, header_style="bold")


def _printed(table: Table, style: Style) -> str:
    """The table as text, escape sequences only where the style allows them."""
    console = Console(
        file=StringIO(),
        width=style.width,
        color_system="standard" if style.styled else None,
        force_terminal=style.styled,
        legacy_windows=False,
    )
    with console.capture() as captured:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
