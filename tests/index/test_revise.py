from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from index.article import Article
from index.revise import judged_alike, revise
from tests.make import NOON, make_article, make_source

URL = "https://example.org/news/1"
HOUR = timedelta(hours=1)


def fetched(hours: float, **changes: Any) -> Article:
    moment = NOON + HOUR * hours
    return make_article(**{"url": URL, "fetched_at": moment, "first_seen_at": moment} | changes)


def test_a_new_article_is_revision_one_and_a_story_of_its_own() -> None:
    given = fetched(
        0,
        revision=7,
        role="copy",
        story_id="0" * 32,
        copies=3,
        outlets=["a", "b"],
        first_copy_at=NOON,
        last_copy_at=NOON,
    )
    article, answer = revise(None, given)
    assert answer == "indexed"
    assert article.revision == 1
    assert (article.story_id, article.role, article.copies, article.outlets) == (
        given.id,
        "canonical",
        0,
        [given.site],
    )
    assert article.first_copy_at is article.last_copy_at is None


def test_the_same_text_is_unchanged_and_its_fetch_moves_forward() -> None:
    old, _ = revise(None, fetched(0))
    article, answer = revise(old, fetched(5))
    assert answer == "unchanged"
    assert article.fetched_at == NOON + 5 * HOUR
    assert article.first_seen_at == NOON
    assert article.revision == 1


def test_another_text_is_a_revision() -> None:
    old, _ = revise(None, fetched(0))
    article, answer = revise(old, fetched(1, title="Мост открыли с опозданием"))
    assert answer == "revised"
    assert (article.title, article.revision, article.first_seen_at) == ("Мост открыли с опозданием", 2, NOON)


def test_an_older_fetch_never_replaces_a_newer_text() -> None:
    old, _ = revise(None, fetched(5, title="Новый заголовок"))
    article, answer = revise(old, fetched(1, title="Старый заголовок"))
    assert answer == "unchanged"
    assert (article.title, article.revision, article.fetched_at) == ("Новый заголовок", 1, NOON + 5 * HOUR)
    assert article.first_seen_at == NOON + HOUR


def test_links_are_united() -> None:
    old, _ = revise(None, fetched(0, link_ids=["b" * 32, "a" * 32]))
    assert revise(old, fetched(1, link_ids=["c" * 32]))[0].link_ids == ["a" * 32, "b" * 32, "c" * 32]


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("title", ["Тот же", "Другой"])
@pytest.mark.parametrize(
    ("stored", "arriving", "kept"),
    [
        (("json_ld", "second"), ("feed", "second"), "stored"),
        (("feed", "second"), ("json_ld", "second"), "arriving"),
        (("json_ld", "day"), ("json_ld", "second"), "arriving"),
        (("json_ld", "second"), ("json_ld", "day"), "stored"),
        (("meta", "day"), ("text", "second"), "stored"),
        (("first_seen", "unknown"), ("site_default", "day"), "arriving"),
        (("site_default", "day"), ("first_seen", "unknown"), "stored"),
        (("json_ld", "second"), ("json_ld", "second"), "later"),
        (("first_seen", "unknown"), ("first_seen", "unknown"), "earlier"),
    ],
)
def test_the_best_publication_time_is_kept(
    stored: tuple[str, str], arriving: tuple[str, str], kept: str, title: str, hours: float
) -> None:
    def published(origin: tuple[str, str], minutes: int, offset: int) -> dict[str, Any]:
        return {
            "published_at": NOON + timedelta(minutes=minutes),
            "published_origin": origin[0],
            "published_precision": origin[1],
            "published_offset": offset,
        }

    old, _ = revise(None, fetched(0, title="Тот же", **published(stored, 0, 180)))
    new = fetched(hours, title=title, **published(arriving, 20, 60))
    if kept == "later":
        kept = "arriving" if hours > 0 else "stored"
    expected = old if kept in {"stored", "earlier"} else new
    article, _ = revise(old, new)
    names = ("published_at", "published_origin", "published_precision", "published_offset")
    assert [getattr(article, name) for name in names] == [getattr(expected, name) for name in names]


@pytest.mark.parametrize("hours", [-1, 1])
def test_gaps_of_the_same_text_are_filled_and_the_later_fetch_wins_the_rest(hours: float) -> None:
    old, _ = revise(None, fetched(0, section="Город", tags=["мост"], image_url=None))
    article, _ = revise(old, fetched(hours, section="Дороги", tags=[], image_url="https://example.org/1.jpg"))
    assert article.section == ("Дороги" if hours > 0 else "Город")
    assert article.tags == ["мост"]
    assert article.image_url == "https://example.org/1.jpg"


def test_a_revision_does_not_inherit_what_the_page_no_longer_says() -> None:
    old, _ = revise(None, fetched(0, tags=["мост"]))
    assert revise(old, fetched(1, title="Другой", tags=[]))[0].tags == []


def test_labels_are_kept_while_verdicts_hold() -> None:
    old, _ = revise(None, fetched(0))
    labels = {"story_id": "0" * 32, "copies": 2, "first_copy_at": NOON, "last_copy_at": NOON + HOUR}
    old = old.model_copy(update={**labels, "outlets": ["a"]})
    same, _ = revise(old, fetched(1))
    assert {name: getattr(same, name) for name in labels} == labels
    changed, _ = revise(old, fetched(1, title="Другой"))
    assert (changed.story_id, changed.copies, changed.first_copy_at) == (old.id, 0, None)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Другой"},
        {"fingerprint": ["0" * 16]},
        {"source": make_source("tass.ru", "ТАСС", foreign=True)},
        {"published_at": NOON - HOUR},
        {"published_precision": "minute"},
    ],
)
def test_verdicts_depend_on_everything_that_linking_looks_at(change: dict[str, Any]) -> None:
    assert not judged_alike(fetched(0), fetched(0, **change))
    assert judged_alike(fetched(0), fetched(3, section="Город", link_ids=["a" * 32]))


def test_articles_with_different_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="no later state"):
        revise(make_article(url="https://example.org/1"), make_article(url="https://example.org/2"))


def test_the_order_of_arrival_changes_only_the_revision_number() -> None:
    visits = [
        fetched(0, title="Первый", published_origin="feed", section="Город", link_ids=["a" * 32]),
        fetched(1, title="Второй", published_at=NOON - HOUR, link_ids=["b" * 32]),
        fetched(2, title="Второй", published_origin="url", published_at=NOON + HOUR, section="Дороги"),
        fetched(3, title="Третий", published_origin="text", section="Реки"),
    ]
    ends = set()
    for order in itertools.permutations(visits):
        stored = None
        for visit in order:
            stored, _ = revise(stored, visit)
        assert stored is not None
        ends.add(stored.model_copy(update={"revision": 1}).model_dump_json())
    assert len(ends) == 1
