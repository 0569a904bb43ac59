"""What becomes of an article that comes again: one rule for every engine.

The later fetch is right about the text. What a page says of its publication time is kept from the best
origin seen so far, the first sighting is kept for good, and every address that ever led here is remembered.
So the order of arrival changes nothing but the revision numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from index.article import LABELS, Article, Origin, Precision
from index.stories.furniture import with_own_lines

if TYPE_CHECKING:
    from index.backend import Stored

_ORIGINS: tuple[Origin, ...] = get_args(Origin)
_PRECISIONS: tuple[Precision, ...] = get_args(Precision)
_PUBLISHED = ("published_at", "published_precision", "published_origin", "published_offset")
_HEX = frozenset("0123456789abcdef")
_GAPS = ("canonical_url", "section", "authors", "tags", "image_url", "modified_at", "original_url")


def revise(old: Article | None, new: Article) -> tuple[Article, Stored]:
    """The article to store when `new` arrives and `old` is stored, and the word for what happened.

    - Not known: `indexed`, as revision 1 and a story of its own.
    - Same `content_hash`: `unchanged`. Fields are the later fetch's, gaps filled from the earlier one.
    - Another text, fetched no earlier: `revised`, one revision more.
    - Another text, fetched earlier: `unchanged`, it came late.

    In every case the publication time of the better origin (then precision, then fetch) wins, two
    `first_seen` ones give the earlier, `first_seen_at` is the earlier and `link_ids` are united. An article
    whose text or verdict may differ is a story of its own until linked; else it keeps its labels.
    """
    if old is None:
        return _alone(
            new.model_copy(update={"revision": 1, "link_ids": sorted(set(new.link_ids))})
        ), "indexed"
    if old.id != new.id:
        raise ValueError(f"article {new.id} is no later state of article {old.id}")
    same_text = old.content_hash == new.content_hash
    late = new.fetched_at < old.fetched_at
    base = _filled(new, old, late=late) if same_text else (old if late else new)
    revised = not same_text and not late
    article = base.model_copy(
        update={
            **_published(old, new, late=late),
            "first_seen_at": min(old.first_seen_at, new.first_seen_at),
            "link_ids": sorted({*old.link_ids, *new.link_ids}),
            "revision": old.revision + revised,
        }
    )
    if article.first_seen_at != base.first_seen_at:
        article = with_own_lines(article, base)
    article = _with_labels(article, old) if judged_alike(old, article) else _alone(article)
    return article, "revised" if revised else "unchanged"


def refuse_damaged(batch: Iterable[Article]) -> None:
    """Raise ValueError for an article with a fingerprint value that is not 16 hex digits."""
    for article in batch:
        for value in article.fingerprint:
            if len(value) != 16 or not set(value) <= _HEX:
                raise ValueError(f"article {article.id}: fingerprint value {value!r} is not 16 hex digits")


@dataclass(slots=True)
class Change:
    """What a batch makes of one article: what was stored, what is to be stored, and the answers."""

    before: Article | None
    after: Article
    replaced: list[Article] = field(default_factory=list)  # texts that the batch turns into history
    answers: list[Stored] = field(default_factory=list)

    @property
    def judged_anew(self) -> bool:
        """Whether earlier verdicts on the article are void."""
        return self.before is None or not judged_alike(self.before, self.after)


def revise_all(stored: Mapping[str, Article], batch: Iterable[Article]) -> dict[str, Change]:
    """What becomes of the articles of a batch, by id; one that comes several times is taken in order."""
    changes: dict[str, Change] = {}
    for article in batch:
        change = changes.get(article.id)
        current = change.after if change else stored.get(article.id)
        after, answer = revise(current, article)
        change = changes.setdefault(article.id, Change(stored.get(article.id), after))
        if answer == "revised" and current is not None:
            change.replaced.append(current)
        change.after = after
        change.answers.append(answer)
    return changes


def judged_alike(one: Article, other: Article) -> bool:
    """Whether verdicts on one article hold for the other: all that linking looks at is the same."""
    return one.judged_hash == other.judged_hash


def _filled(new: Article, old: Article, *, late: bool) -> Article:
    """The later fetch of one text, its empty fields taken from the earlier."""
    base, filler = (old, new) if late else (new, old)
    return base.model_copy(update={name: getattr(filler, name) for name in _GAPS if not getattr(base, name)})


def _published(old: Article, new: Article, *, late: bool) -> dict[str, Any]:
    """The publication fields of whichever says it best."""
    if old.published_origin == new.published_origin == "first_seen":
        best = min(old, new, key=lambda each: each.published_at)
    else:
        later_first = [old, new] if late else [new, old]
        best = min(later_first, key=_distance)
    return {name: getattr(best, name) for name in _PUBLISHED}


def _distance(article: Article) -> tuple[int, int]:
    """How far a publication time is from the best kind: origin, then precision."""
    return _ORIGINS.index(article.published_origin), _PRECISIONS.index(article.published_precision)


def _alone(article: Article) -> Article:
    """The article labelled as the only member of its story, as `stories.rank.label` would."""
    alone = {
        "story_id": article.id,
        "role": "canonical",
        "copies": 0,
        "outlets": [article.site],
        "first_copy_at": None,
        "last_copy_at": None,
    }
    return article.model_copy(update=alone)


def _with_labels(article: Article, old: Article) -> Article:
    return article.model_copy(update={name: getattr(old, name) for name in LABELS})
