"""An explanation as text for a terminal, or for a file where the output is none.

Every line that holds words of an article goes through `wrap`, which leaves out what could steer a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from index.search.render import Style, wrap
from index.stories.explained import when
from index.stories.parameters import CANDIDATES, SHARED_HASHES, WINDOW_DAYS

if TYPE_CHECKING:
    from index.article import EvidenceKind, Origin, Precision
    from index.stories.explained import (
        Attributed,
        Chain,
        Considered,
        Counts,
        Dated,
        Explanation,
        Paragraph,
        Reference,
        Sign,
        StoredPair,
        Story,
    )
    from index.stories.prose import LeftOut
    from index.stories.slots import SlotCount

SHOWN = 10  # refused articles, and chains, unless all are asked for
_QUOTED = 160  # characters of a title, paragraph or sign

_ORIGINS: Mapping[Origin, str] = {
    "json_ld": "read in the page's JSON-LD",
    "meta": "read in the page's meta data",
    "text": "read in the visible text of the page",
    "feed": "told by the feed or list that linked it",
    "url": "read in its address",
    "site_default": "the default of its site",
    "first_seen": "the page tells none, the time of the first sight stands in",
}
_PRECISIONS: Mapping[Precision, str] = {
    "second": "exact to the second",
    "minute": "exact to the minute",
    "day": "only the day is known",
    "unknown": "not known",
}
_KINDS: Mapping[EvidenceKind, str] = {
    "source_link": "source link of the page",
    "foreign_canonical": "canonical link",
    "mark_url": "closing line with an address",
    "mark_label": "closing line with a label",
    "mark_name": "closing line with a name",
    "dateline": "dateline",
    "sign_off": "closing credit",
    "credit": "byline or credit",
    "inline": "mention in the text",
    "own_site": "nothing points elsewhere",
}
_COUNTS: Mapping[Counts, str] = {
    "mark": "a mark, the text came from there",
    "own": "its own house, no mark",
    "report": "only a report about it, makes no copy",
}
_LEFT_OUT: Mapping[LeftOut, str] = {
    "dateline": "dateline",
    "mark": "source mark",
    "caption": "caption or headline",
    "furniture": "repeated by the site",
}
_STORED: Mapping[StoredPair, str] = {
    "same": "Stored: the same verdict.",
    "stale": "! Stored is another verdict ({rule}), given before a text, the site's furniture or the rules changed.",
    "missing": "! Not stored yet: linking has not reached the two; 'svodka index reconcile' goes on with it.",
    "none": "",
}

_NO_CANDIDATE = (
    f"Linking does not look at the two: candidates have {SHARED_HASHES} fingerprint values in common and are at most "
    f"{WINDOW_DAYS} days apart, the nearest {CANDIDATES} of them."
)


def render(explanation: Explanation, style: Style, *, everything: bool = False) -> str:
    """The whole explanation, ending with a newline; at most `SHOWN` of a long list unless `everything`."""
    shown = None if everything else SHOWN
    sections = [
        _head(explanation, style),
        _section("Time", _time(explanation, style.zone), style),
        _section("Whose text", _source(explanation.source), style),
        _section("Story", _story(explanation, shown, style.zone), style),
        _section("Left out when texts are compared", map(_paragraph, explanation.left_out), style),
        *_considered(explanation, shown, style),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def render_pair(explanation: Explanation, other: str, style: Style) -> str:
    """What an explanation says of its article beside one other, ending with a newline."""
    (pair,) = (each for each in explanation.considered if each.article.id == other)
    sections = [
        _head(explanation, style),
        _section("Left out when texts are compared", map(_paragraph, explanation.left_out), style),
        "\n".join([style.bold("Compared with"), _pair(pair, explanation.look_up.values, style)]),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(explanation: Explanation, style: Style) -> str:
    article, revision = explanation.article, explanation.dated.revision
    about = _about(article, style.zone) + (f" · revision {revision}" if revision > 1 else "")
    lines = [*map(style.bold, wrap(article.title, style.width))]
    for each in (about, article.url, f"id {article.id}"):
        lines += map(style.dim, wrap(each, style.width))
    if not explanation.indexed:
        waits = "! It is not in the index yet but waits on this machine; 'svodka status' says for what."
        lines += wrap(waits, style.width)
    return "\n".join(lines)


def _section(heading: str, paragraphs: Iterable[str], style: Style) -> str:
    """A heading and its paragraphs, indented; empty where there are none."""
    lines = [line for each in paragraphs for line in _hanging(each, style.width)]
    return "\n".join([*map(style.bold, wrap(heading, style.width)), *lines]) if lines else ""


def _hanging(text: str, width: int) -> list[str]:
    """A paragraph whose further lines stand deeper than its first."""
    first, *rest = wrap(text, width - 4)
    return [f"  {first}", *(f"    {line}" for line in rest)]


def _about(article: Reference, zone: tzinfo) -> str:
    return f"{article.site} · {article.when(zone)}"


def _named(article: Reference, zone: tzinfo) -> str:
    """An article within a sentence."""
    return f"«{_cut(article.title)}», {_about(article, zone)}"


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rstrip()}…"


def _time(explanation: Explanation, zone: tzinfo) -> Iterator[str]:
    dated = explanation.dated
    if dated.precision == "unknown":
        yield f"Not known: {_ORIGINS[dated.origin]}."
    else:
        yield f"{explanation.article.when(zone)}: {_PRECISIONS[dated.precision]}, {_ORIGINS[dated.origin]}."
        yield _offset(dated)
    modified = dated.modified_at if dated.modified_at != dated.published_at else None
    changed = f"; last changed {_moment(modified, zone)}, says the page" if modified else ""
    yield f"First seen {_moment(dated.first_seen_at, zone)}{changed}."


def _offset(dated: Dated) -> str:
    if dated.precision == "day":
        return "It is kept as 12:00 UTC, at which it is that day in nearly every time zone."
    if dated.offset is None:
        return "No UTC offset is given there, so the time zone of the site was taken."
    there = dated.published_at.astimezone(timezone(timedelta(minutes=dated.offset)))
    return f"{there.day} {there:%b %Y %H:%M} by the offset given there, {there.tzname()}."


def _moment(moment: datetime, zone: tzinfo) -> str:
    return when(moment, "minute", zone)


def _source(source: Attributed) -> Iterator[str]:
    yield f"{_house(source.name, source.domain)}, confidence {source.confidence:.2f}"
    if source.original_url:
        yield f"The page links its original: {source.original_url}"
    for sign in source.signs:
        yield _sign(sign)


def _sign(sign: Sign) -> str:
    quoted = f" «{_cut(sign.text)}»" if sign.text else ""
    if sign.kind == "own_site":
        return f"{sign.confidence:.2f}  {_KINDS[sign.kind]}{quoted}"
    return f"{sign.confidence:.2f}  {_KINDS[sign.kind]}{quoted} names {_house(sign.name, sign.domain)}: {_COUNTS[sign.counts]}"


def _house(name: str, domain: str) -> str:
    return name if domain in {"", name} else f"{name} ({domain})"


def _story(explanation: Explanation, shown: int | None, zone: tzinfo) -> Iterator[str]:
    story, article = explanation.story, explanation.article
    yield from _place(story, article, shown, zone)
    yield from _original(explanation)
    yield from _some(
        [_chain(each, zone) for each in story.chains],
        shown,
        "articles of the story are connected over others",
    )
    for each in story.unconnected:
        yield f"! No accepted pair leads to {_named(each, zone)}."
    if not story.settled:
        yield "! The stored story does not follow from the stored pairs: linking was cut short. 'svodka index check' tells more."


def _place(story: Story, article: Reference, shown: int | None, zone: tzinfo) -> Iterator[str]:
    choice, count = story.choice, len(story.members)
    if choice.runner_up is None:
        yield "Alone: no other stored article is a copy of its text."
    else:
        role = "The canonical article" if choice.canonical.article.id == article.id else "A copy"
        yield f"{role} in a story of {count} articles on {_counted(len(story.outlets), 'site')}: {_list(story.outlets, shown)}"
        if choice.canonical.article.id != article.id:
            yield f"Canonical: {_named(choice.canonical.article, zone)}, {choice.canonical.article.url}"
        yield f"Why: {choice.words}."
        second = choice.runner_up.article
        yield f"Runner-up: {'this article' if second.id == article.id else _named(second, zone)}"
        yield from _story_id(story, article, zone)


def _list(names: Sequence[str], shown: int | None) -> str:
    more = "" if shown is None or len(names) <= shown else f" and {len(names) - shown} more"
    return ", ".join(names[:shown]) + more


def _story_id(story: Story, article: Reference, zone: tzinfo) -> Iterator[str]:
    """Whose id the story has, so that nobody takes it for the canonical article's."""
    owner = next((each for each in story.members if each.id == story.id), None)
    if owner is not None:
        whose = "this article's" if owner.id == article.id else f"that of {_named(owner, zone)}"
        yield f"Story id: {story.id}, {whose}, the smallest id in it"


def _original(explanation: Explanation) -> Iterator[str]:
    """Which houses the marks name; and where the canonical article names another, what became of the original."""
    story = explanation.story
    if len(story.named) > 1:
        named = (
            f"{each.domain} by {each.by}"
            + ("" if each.present else " (no article from there is in the story)")
            for each in story.named
        )
        yield f"Its articles' marks do not agree on a house. Named are {', '.join(named)}."
    if marks := story.choice.canonical.marks:
        refused = sum(not each.ok and each.article.domain in marks for each in explanation.considered)
        were = f"{_counted(refused, 'article')} from there {'was' if refused == 1 else 'were'} compared and refused: see below"
        found = were if refused else "no article from there has been found for this story"
        yield f"By its marks the original is from {', '.join(marks)}; {found}."


def _chain(chain: Chain, zone: tzinfo) -> str:
    through = ", then ".join(_named(each, zone) for each in chain.through)
    return f"{_named(chain.to, zone)}: no pair with this article, but connected by accepted pairs through {through}"


def _paragraph(paragraph: Paragraph) -> str:
    return f"{_LEFT_OUT[paragraph.why]}: «{_cut(paragraph.text)}»"


def _considered(explanation: Explanation, shown: int | None, style: Style) -> Iterator[str]:
    accepted = [each for each in explanation.considered if each.ok]
    refused = [each for each in explanation.considered if not each.ok]
    counts = f"{len(accepted)} accepted, {len(refused)} refused" if accepted or refused else "none"
    yield _section(f"Compared with other articles: {counts}", [_look_up(explanation)], style)
    for each in [*accepted, *refused[:shown]]:
        yield _pair(each, explanation.look_up.values, style)
    if more := len(refused[shown:]) if shown is not None else 0:
        were = "was" if more == 1 else "were"
        yield "\n".join(wrap(f"{more} more {were} refused; --all shows them", style.width))


def _look_up(explanation: Explanation) -> str:
    look_up, known = explanation.look_up, sum(not each.candidate for each in explanation.considered)
    if not look_up.values:
        return "It has no text to look others up by."
    found = f"{look_up.found or 'No'} other article{'' if look_up.found == 1 else 's'} found"
    rule = f"at least {SHARED_HASHES} of its {look_up.values} fingerprint values in common, within {WINDOW_DAYS} days"
    most = f"; at most {look_up.at_most} are looked at" if look_up.found >= look_up.at_most else ""
    earlier = f"; {known} more known from earlier comparisons" if known else ""
    return f"{found} by fingerprint ({rule}){most}{earlier}."


def _pair(pair: Considered, values: int, style: Style) -> str:
    place = " · in this story" if pair.in_story else ""
    head, *rest = wrap(pair.article.title, style.width - 4)
    lines = [f"  {'+' if pair.ok else '-'} {style.bold(head)}", *(f"    {style.bold(line)}" for line in rest)]
    for text in (f"{_about(pair.article, style.zone)}{place}", pair.article.url):
        lines += [f"    {style.dim(line)}" for line in wrap(text, style.width - 4)]
    for text in _findings(pair, values):
        lines += [f"    {line}" for line in wrap(text, style.width - 4)]
    return "\n".join(lines)


def _findings(pair: Considered, values: int) -> Iterator[str]:
    yield f"{'Accepted' if pair.ok else 'Refused'} ({pair.rule}): {pair.words}."
    if pair.link and pair.ok:
        yield f"Linked by a mark: {pair.link}."
    elif pair.link:
        yield f"A mark links the two, but it alone makes no copy: {pair.link}."
    yield _shared(pair, values)
    if left_out := pair.left_out.words:
        why = ", ".join(_LEFT_OUT[each] for each in pair.left_out.why)
        yield f"Of the other {pair.left_out.of - left_out} of {pair.left_out.of} words are compared; left out: {why}."
    if pair.numbers and pair.names:
        yield f"Places where both have a figure: {_slots(pair.numbers)}; a name: {_slots(pair.names)}."
    if stored := _STORED[pair.stored]:
        yield stored.format(rule=pair.stored_rule)
    elif not pair.candidate:
        yield _NO_CANDIDATE


def _shared(pair: Considered, values: int) -> str:
    small, large = ("this one", "the other") if pair.smaller == "this" else ("the other", "this one")
    overlap = pair.overlap
    return (
        f"Shared: {overlap.small:.0%} of the shorter text ({small}, {pair.smaller_words} words) and {overlap.large:.0%} "
        f"of the longer ({large}, {pair.larger_words}); of their openings {overlap.small_head:.0%} and "
        f"{overlap.large_head:.0%}; {pair.shared_values} of {values} fingerprint values."
    )


def _slots(counted: SlotCount) -> str:
    differing = f", {counted.differing or 'none'} differing" if counted.common else ""
    return f"{counted.common or 'none'}{differing}"


def _counted(count: int, thing: str) -> str:
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def _some(lines: Sequence[str], shown: int | None, what: str) -> Iterator[str]:
    yield from lines[:shown]
    if shown is not None and len(lines) > shown:
        yield f"{len(lines) - shown} more {what}; --all shows them"
