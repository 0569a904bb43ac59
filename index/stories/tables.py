"""The most republished stories, and who republishes whom, as tables for a terminal or a file.

What a page says goes in as plain text: neither control characters nor rich's markup take effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.search.render import OUTLETS, Style, safe, time_shown, wrap

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from index.backend import Republished
    from index.stories.top import Asked, Spread, TopStories

_COUNTS = 16  # columns that the two counts take with their gaps


def stories_table(top: TopStories, style: Style) -> str:
    """The stories, most copies first, and what was asked for; ends with a newline."""
    table = _table()
    table.add_column("copies", justify="right", no_wrap=True)
    table.add_column("sites", justify="right", no_wrap=True)
    table.add_column("story", overflow="fold")
    for at, story in enumerate(top.stories):
        cell = _story(story, Style(style.width - _COUNTS, style.styled, style.zone))
        if at + 1 < len(top.stories):
            cell.append("\n")
        table.add_row(str(len(story.copies)), str(len(story.outlets)), cell)
    return _printed(table, style) + f"\n{_counted(top)} {_when(top.asked, style)}\n"


def sources_table(rows: Sequence[Republished], total: int, since: datetime, style: Style) -> str:
    """Outlets and the sources whose texts they published, most first; `total` pairs there are. Ends with a newline."""
    table = _table()
    table.add_column("copies", justify="right", no_wrap=True)
    for name in ("by", "of", "at"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(f"{row.copies:,}", *(Text(safe(each)) for each in (row.outlet, row.source, row.domain)))
    shown = f"the first {len(rows)} of {total}" if len(rows) < total else str(total)
    pairs = "pair" if total == 1 else "pairs"
    period = f"since {_moment(since, style)}"
    return _printed(table, style) + f"\n{shown} {pairs} of an outlet and a source, {period}\n"


def no_stories(top: TopStories, pending: int, style: Style) -> str:
    """That no story was republished, and what to do; `pending` articles wait to be linked. Ends with a newline."""
    articles = "story" if top.published == 1 else "stories"
    reason = (
        f"None of {top.published:,} {articles} {_when(top.asked, style)} has copies."
        if top.published
        else f"No story {_when(top.asked, style)}."
    )
    tips = ["a longer time: --since 7d"]
    if top.asked.site:
        tips.append("no --site: it is the site of the original, not of its copies")
    return _nothing(reason, tips, pending, style)


def no_sources(since: datetime, pending: int, style: Style) -> str:
    """That nothing was republished, and what to do; `pending` articles wait to be linked. Ends with a newline."""
    reason = f"No article published since {_moment(since, style)} is another house's text."
    return _nothing(reason, ["a longer time: --since 90d"], pending, style)


def _nothing(reason: str, tips: list[str], pending: int, style: Style) -> str:
    if pending:
        articles = "1 article that waits" if pending == 1 else f"{pending:,} articles that wait"
        tips.append(f"svodka index reconcile, to find the copies among {articles} to be linked")
    tips.append("svodka crawl, to fetch what is new")
    lines = [*wrap(reason, style.width), "Try:"]
    for tip in tips:
        first, *rest = wrap(tip, style.width - 4)
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _story(story: Spread, style: Style) -> Text:
    """Title; source, site and time; outlets; first and last copy; address; id."""
    article = story.article
    published = time_shown(article.published_at, article.published_precision, style.zone)
    by = [] if article.source.name == article.site else [article.source.name]
    by_whom = " · ".join([*by, article.site, published])
    about = (by_whom, _outlets(story.outlets[1:]), _copied(story, style.zone))
    cell = Text("\n".join(wrap(article.title, style.width)), style="bold")
    for line in (line for each in about if each for line in wrap(each, style.width)):
        cell.append(f"\n{line}", style="not bold")
    for each in (article.url, f"story {article.story_id}"):
        cell.append(f"\n{safe(each)}", style="not bold dim")
    return cell


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
    return (
        f"also on {', '.join(others[:OUTLETS])}" + (f" and {more} more" if more > 0 else "") if others else ""
    )


def _counted(top: TopStories) -> str:
    shown = f"{len(top.stories)} republished {'story' if len(top.stories) == 1 else 'stories'}"
    full = len(top.stories) == top.asked.top and len(top.stories) < top.published
    return f"The first {shown}" if full else shown


def _when(asked: Asked, style: Style) -> str:
    """Which stories were asked for: 'published since … before … on ria.ru'."""
    until = f" before {_moment(asked.until, style)}" if asked.until else ""
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
