"""Why two articles are copies of one text or not, and why one stands for its story, in the reader's language.

`index.stories` gives the values; the sentences are in the catalogues, one for each kind of reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.stories.explained_rule import number_beside

if TYPE_CHECKING:
    from index.stories.explained import Choice, Contender
    from index.stories.explained import Named as NamedHouse
    from index.stories.explained_rule import Kind, Reason
    from index.stories.pairing import Pairing
    from index.web.messages import Messages
    from index.web.references import Named

COUNTS: frozenset[Kind] = frozenset(
    {"window", "text_few", "text_few_marked", "round_up", "numbers_few"}
)  # what is measured is a count, days or hours; else a share


def rule_shown(reason: Reason, t: Messages) -> str:
    """The sentence on what decided, with what was measured beside what is asked for."""
    measured, bound = reason.measured or 0.0, reason.bound or 0.0
    if reason.kind in COUNTS:
        values = _number(number_beside(measured, bound), t), _number(f"{bound:g}", t)
    else:
        values = percent(measured, t, beside=bound), percent(bound, t)
    return t(f"rule.{reason.kind}", measured=values[0], bound=values[1])


def percent(share: float, t: Messages, *, beside: float | None = None) -> str:
    """'65%', '65 %': in as many digits as tell it from the share beside it."""
    digits = f"{100 * share:.0f}" if beside is None else number_beside(100 * share, 100 * beside)
    return t("rule.percent", n=_number(digits, t))


def _number(digits: str, t: Messages) -> str:
    return digits.replace(".", t("rule.point"))


def findings(pairing: Pairing, one: Named, other: Named, t: Messages) -> Iterator[str]:
    """All that was found of two articles: rule, shares, marks, figures and names."""
    yield t("rule.accepted" if pairing.ok else "rule.refused") + " " + rule_shown(pairing.reason, t)
    for article, share, words in zip((one, other), pairing.shared, pairing.words, strict=True):
        yield t.counted("rule.shared", words, share=percent(share, t), site=article.site)
    yield from marks_shown(pairing, one, other, t)
    if pairing.numbers and pairing.numbers.common:
        yield t.counted("rule.figures", pairing.numbers.common, differing=pairing.numbers.differing)
    if pairing.names and pairing.names.common:
        yield t.counted("rule.proper_names", pairing.names.common, differing=pairing.names.differing)


def marks_shown(pairing: Pairing, one: Named, other: Named, t: Messages) -> Iterator[str]:
    """Which marks link the two."""
    if pairing.links.this:
        yield t("rule.mark_names", site=one.site, other=other.site)
    if pairing.links.other:
        yield t("rule.mark_names", site=other.site, other=one.site)
    if pairing.links.both:
        yield t("rule.marks_of_both", names=", ".join(pairing.links.both))


def choice_shown(choice: Choice, second: Named | None, t: Messages) -> Iterator[str]:
    """Why one article stands for its story: the step that decides, what it was held against, what was left open."""
    if second is None or choice.runner_up is None:
        yield t("story_page.step_alone")
        return
    if choice.step == "named":
        yield t.counted(
            "story_page.step_named", choice.canonical.named_by, domain=choice.canonical.article.domain
        )
    else:
        yield t(f"story_page.step_{choice.step}", names=", ".join(choice.runner_up.marks))
    yield t("story_page.runner_up", title=second.title, site=second.site, time=second.time.text)
    yield from _vague((choice.canonical, choice.runner_up) if choice.step == "earliest" else (), t)
    if choice.step == "named" and choice.runner_up.named_by:
        yield t.counted("story_page.runner_up_named", choice.runner_up.named_by)
    elif choice.step != "named" and choice.canonical.named_by:
        yield t.counted("story_page.both_named", choice.canonical.named_by)


def _vague(contenders: tuple[Contender, ...], t: Messages) -> Iterator[str]:
    """How times that are not known are counted, where one of them is at stake."""
    precisions = {each.article.published_precision for each in contenders}
    for precision in sorted(precisions & {"day", "unknown"}):
        yield t(f"story_page.counts_{precision}")


def houses_shown(houses: tuple[NamedHouse, ...], choice: Choice, t: Messages) -> Iterator[str]:
    """Where marks do not agree on a house, or the original itself names another one."""
    if len(houses) > 1:
        said = (f"{each.domain} ({t.number(each.by)})" for each in houses)
        yield t("story_page.disagree", houses=", ".join(said))
    if choice.canonical.marks:
        yield t("story_page.original_elsewhere", houses=", ".join(choice.canonical.marks))
