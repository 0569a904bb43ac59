"""put, get, known, young, revisions, stats: what goes in comes out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from index.article import Article
from index.backend import Backend
from tests.make import NOON, digest, make_article, make_source

HOUR = timedelta(hours=1)


def stored(article: Article, **labels: Any) -> Article:
    """The article as it comes back: a story of its own until linked."""
    alone = {"story_id": article.id, "role": "canonical", "copies": 0, "outlets": [article.site]}
    times = {"first_copy_at": None, "last_copy_at": None}
    return article.model_copy(update={**alone, **times, **labels})


FULL = make_article(
    title="Заголовок «с кавычками» и ё",
    lead="Вводный абзац.",
    body="Первый.\n\nВторой \U0001f600 \ue000 \x07.",
    authors=["Иван Петров", "Анна-Мария Ким"],
    tags=["мост", "река"],
    canonical_url="https://tass.ru/obschestvo/1",
    section="Общество",
    image_url="https://example.org/1.jpg",
    published_offset=180,
    published_at=NOON.replace(microsecond=123456),
    first_seen_at=NOON.replace(microsecond=654321),
    modified_at=NOON + HOUR,
    original_url="https://tass.ru/obschestvo/1",
    source=make_source("tass.ru", "ТАСС", foreign=True),
    fingerprint=["0000000000000000", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff"],
)
BARE = make_article(
    title="x", body="", language="und", published_origin="first_seen", published_precision="unknown"
)


@pytest.mark.parametrize("article", [FULL, BARE], ids=["full", "bare"])
def test_every_field_comes_back(backend: Backend, article: Article) -> None:
    assert backend.put([article]) == ["indexed"]
    assert backend.get([article.id]) == {article.id: stored(article)}


def test_get_leaves_out_what_is_absent(backend: Backend) -> None:
    backend.put([FULL])
    assert list(backend.get([digest("absent"), FULL.id])) == [FULL.id]
    assert backend.get([]) == {}


def test_an_empty_batch_is_nothing(backend: Backend) -> None:
    assert backend.put([]) == []
    assert backend.stats()["articles"] == 0


def test_an_article_that_comes_again(backend: Backend) -> None:
    first = make_article(url="https://example.org/1")
    same = first.model_copy(update={"fetched_at": NOON + HOUR})
    changed = make_article(url="https://example.org/1", title="Новый заголовок", fetched_at=NOON + 2 * HOUR)
    late = make_article(url="https://example.org/1", title="Опоздавший", fetched_at=NOON - HOUR)
    assert [backend.put([each]) for each in (first, same, changed, late)] == [
        ["indexed"],
        ["unchanged"],
        ["revised"],
        ["unchanged"],
    ]
    held = backend.get([first.id])[first.id]
    assert (held.title, held.revision, held.fetched_at) == ("Новый заголовок", 2, NOON + 2 * HOUR)
    assert backend.stats()["articles"] == 1


def test_one_id_several_times_in_a_batch_is_taken_in_order(backend: Backend) -> None:
    url = "https://example.org/1"
    texts = [make_article(url=url, title=f"Текст {hour}", fetched_at=NOON + HOUR * hour) for hour in range(3)]
    other = make_article(url="https://example.org/2")
    batch = [texts[0], other, texts[1], texts[1], texts[2], texts[0]]
    assert backend.put(batch) == ["indexed", "indexed", "revised", "unchanged", "revised", "unchanged"]
    assert backend.get([texts[0].id])[texts[0].id].title == "Текст 2"
    assert [(each.title, each.revision) for each in backend.revisions(texts[0].id)] == [
        ("Текст 0", 1),
        ("Текст 1", 2),
    ]


def test_revisions_keep_every_earlier_text(backend: Backend) -> None:
    for hour in range(4):
        backend.put(
            [make_article(url="https://example.org/1", title=f"Текст {hour}", fetched_at=NOON + HOUR * hour)]
        )
    earlier = backend.revisions(make_article(url="https://example.org/1").id)
    assert [(each.title, each.revision) for each in earlier] == [
        ("Текст 0", 1),
        ("Текст 1", 2),
        ("Текст 2", 3),
    ]
    assert backend.revisions(digest("absent")) == []
    assert backend.stats()["revisions"] == 3


@pytest.mark.parametrize("value", ["zz", "0" * 15, "0" * 17, "ABCDEF0123456789", "-000000000000001", ""])
def test_a_damaged_fingerprint_is_refused_and_nothing_of_the_batch_stored(
    backend: Backend, value: str
) -> None:
    with pytest.raises(ValueError, match="not 16 hex digits"):
        backend.put([FULL, make_article(fingerprint=[value])])
    assert backend.stats()["articles"] == 0


def test_known_by_any_address_that_led_there(backend: Backend) -> None:
    linked, final = digest("linked"), digest("final")
    article = make_article(link_ids=[linked, final], first_seen_at=NOON.replace(microsecond=7))
    backend.put([article])
    found = backend.known([article.id, linked, final, digest("absent")])
    assert found.keys() == {article.id, linked, final}
    assert len(set(found.values())) == 1
    known = found[linked]
    assert (known.id, known.url, known.site) == (article.id, article.url, article.site)
    assert (known.first_seen_at, known.fetched_at, known.published_at) == (
        article.first_seen_at,
        article.fetched_at,
        article.published_at,
    )


def test_known_takes_many_ids_at_once(backend: Backend) -> None:
    backend.put([FULL])
    ids = [digest(str(number)) for number in range(50_000)]
    assert backend.known([*ids, FULL.id]).keys() == {FULL.id}


def test_an_address_of_two_articles_leads_to_the_first(backend: Backend) -> None:
    shared = digest("shared")
    first = make_article(url="https://example.org/1", link_ids=[shared])
    second = make_article(url="https://example.org/2", link_ids=[shared])
    assert backend.put([first]) == ["indexed"]
    assert backend.put([second]) == ["indexed"]
    found = backend.known([shared, first.id, second.id])
    assert {id: known.id for id, known in found.items()} == {
        shared: first.id,
        first.id: first.id,
        second.id: second.id,
    }
    assert backend.check().faults == []


@pytest.mark.parametrize("order", [1, -1])
def test_an_articles_own_id_always_leads_to_itself(backend: Backend, order: int) -> None:
    two = make_article(url="https://example.org/2")
    one = make_article(url="https://example.org/1", link_ids=[two.id])
    for article in [one, two][::order]:
        backend.put([article])
    assert {id: known.id for id, known in backend.known([one.id, two.id]).items()} == {
        one.id: one.id,
        two.id: two.id,
    }
    assert backend.check().faults == []


def test_young_are_those_of_the_site_oldest_fetch_first(backend: Backend) -> None:
    def seen(number: int, first: datetime, last: datetime, site: str = "a.ru") -> Article:
        return make_article(url=f"https://{site}/{number}", site=site, first_seen_at=first, fetched_at=last)

    old = seen(1, NOON - HOUR, NOON + HOUR * 9)
    edge = seen(2, NOON, NOON + HOUR * 2)
    young = seen(3, NOON + HOUR, NOON + HOUR)
    other = seen(4, NOON + HOUR, NOON + HOUR, site="b.ru")
    backend.put([old, edge, young, other])
    assert [known.id for known in backend.young("a.ru", NOON)] == [young.id, edge.id]
    assert backend.young("c.ru", NOON) == []


def test_stats_count(backend: Backend) -> None:
    backend.put([make_article(site=site) for site in ("a.ru", "b.ru", "b.by")])
    stats = backend.stats()
    assert stats.pop("bytes") > 0
    assert stats == {"articles": 3, "stories": 3, "copies": 0, "revisions": 0, "sites": 3, "pending": 3}


def test_check_of_a_sound_index(backend: Backend) -> None:
    assert backend.check().faults == []
    backend.put([FULL, BARE])
    check = backend.check()
    assert (check.counts["articles"], check.counts["stories"], check.faults) == (2, 2, [])


def test_hostile_text_is_stored_and_found_sound(backend: Backend) -> None:
    texts = [
        "\x00нуль\x00",
        "a" * 100_000,
        "é e\u0301 ё Ё",
        '"OR" NEAR(x) * ^ - :',
        "ﬁ ǅ İ ẞ ς 𝔘 Ⅷ ²",
        "'; DROP TABLE article; --",
    ]
    batch = [
        make_article(title=f"{number} {text}", body=text, section=text) for number, text in enumerate(texts)
    ]
    assert backend.put(batch) == ["indexed"] * len(batch)
    again = [each.model_copy(update={"title": "Замена", "content_hash": digest(each.id)}) for each in batch]
    assert backend.check().faults == []
    assert backend.put(again) == ["revised"] * len(batch)
    assert backend.check().faults == []
    assert [each.body for each in backend.get([each.id for each in batch]).values()] == texts
