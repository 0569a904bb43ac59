"""Texts that a site repeats, and texts beside which it repeats others: stories of several sites, linked for real."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from index.article import Article
from index.backend import Backend
from index.stories.linker import link_pending
from index.stories.reconcile import reconcile
from tests.index.stories.labelled import fingerprinted, marked
from tests.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FLASHES = [
    "Делегация прибыла в гостиницу на берегу озера, где начнётся второй день встреч.",
    "Участники встречи разошлись на обед и вернутся в большой зал к четырём часам.",
    "Стороны утвердили повестку третьего дня, в ней записан вопрос о речном пароме.",
]
BACKGROUND = [
    "Встречи о восстановлении переправы идут с понедельника, в них участвуют оба берега, пароходство и хозяева лодок.",
    "Прошлой осенью такие же переговоры длились пять часов, тогда условились посчитать, сколько машин едет через плотину.",
]
NOTICE = (
    "Это сообщение создано и распространено редакцией, которая внесена в список получателей помощи из-за рубежа, и "
    "по закону сопровождается настоящей пометкой, набранной теми же буквами, что и само сообщение."
)
NOTES = [
    "Кошка мельника вернулась домой через четыре года, её узнали по белому уху.",
    "На станции Берёзовой снова продают пирожки с черникой, очередь стоит с шести.",
    "Школьный хор из Заречья спел на льду озера, лёд держал всех сорок человек.",
    "Пожарная каланча в Старом Посаде получила новые часы с боем и подсветкой.",
]


def made(site: str, name: str, *paragraphs: str, at: datetime = NOON, mark: str = "") -> Article:
    """An article that closes with its mark, where it has one."""
    line = [f"Источник: {mark}"] if mark else []
    changes: dict[str, Any] = {"source": marked(site, mark, line[0])} if mark else {}
    return fingerprinted(
        site=site,
        domain=site,
        url=f"https://{site}/{name}",
        title=name,
        body="\n\n".join([*paragraphs, *line]),
        published_at=at,
        first_seen_at=at,
        fetched_at=at,
        **changes,
    )


def crawled(backend: Backend, articles: list[Article]) -> set[tuple[str, ...]]:
    """Store and link them one by one; their stories, the canonical article of each first."""
    for each in articles:
        backend.put([each])
        link_pending(backend)
    return stories(backend, articles)


def stories(backend: Backend, articles: list[Article]) -> set[tuple[str, ...]]:
    ids = {each.story_id or "" for each in backend.get([each.id for each in articles]).values()}
    found = set[tuple[str, ...]]()
    for first, *copies in map(backend.story, ids):
        found.add((f"{first.site}/{first.title}", *sorted(f"{each.site}/{each.title}" for each in copies)))
    return found


@pytest.mark.parametrize("count", [2, 3])
def test_flashes_over_one_background_are_stories_of_their_own(backend: Backend, count: int) -> None:
    """Three of them make the agency's background furniture on its own site alone."""
    articles = list[Article]()
    for number, flash in enumerate(FLASHES[:count]):
        at = NOON + number * HOUR
        articles.append(made("agency.example", f"flash{number}", flash, *BACKGROUND, at=at))
        copy = made(f"c{number}.example", "copy", flash, *BACKGROUND, at=at + HOUR / 2, mark="agency.example")
        articles.append(copy)
    due = {(f"agency.example/flash{number}", f"c{number}.example/copy") for number in range(count)}
    assert crawled(backend, articles) == due


@pytest.mark.parametrize("addresses", [2, 3])
def test_one_text_at_several_addresses_and_its_copies(backend: Backend, addresses: int) -> None:
    body = [*FLASHES, *BACKGROUND]
    own = [made("agency.example", str(number), *body) for number in range(addresses)]
    copies = [made(f"c{number}.example", "copy", *body, at=NOON + 3 * HOUR) for number in range(2)]
    (story,) = crawled(backend, [*own, *copies])
    assert (story[0], len(story)) == ("agency.example/0", addresses + 2)


@pytest.mark.parametrize("place", ["above", "below"])
def test_notes_beside_one_long_notice(backend: Backend, place: str) -> None:
    articles = [
        made("posad.example", str(number), *((NOTICE, note) if place == "above" else (note, NOTICE)))
        for number, note in enumerate(NOTES)
    ]
    assert crawled(backend, articles) == {(f"posad.example/{number}",) for number in range(len(NOTES))}


def test_a_time_that_is_put_right_changes_no_story(backend: Backend) -> None:
    """Looked at again in another month, undated: text, lines and stories stay, and so do the fingerprints."""
    sunday = datetime.fromisoformat("2026-01-31T20:00:00+00:00")
    first = [
        made(f"s{number % 2}.example", str(number), note, NOTICE, at=sunday).model_copy(
            update={"published_origin": "first_seen", "published_precision": "unknown"}
        )
        for number, note in enumerate(NOTES + FLASHES)
    ]
    before = crawled(backend, first)
    assert len(before) == len(first)
    again = [
        fingerprinted(
            **each.model_dump(exclude={"fingerprint", "published_at", "first_seen_at", "fetched_at"}),
            **dict.fromkeys(("published_at", "first_seen_at", "fetched_at"), sunday + DAY),
        )
        for each in first
    ]
    assert crawled(backend, again) == before
    stored = backend.get([each.id for each in first]).values()
    assert {each.id: each.fingerprint for each in stored} == {each.id: each.fingerprint for each in first}
    assert reconcile(backend).relabelled == 0


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_date_across_the_end_of_a_month_at_any_time(backend: Backend, place: int) -> None:
    """Whether the line is furniture does not depend on when one of its holders got another date."""
    notes = [made("posad.example", str(number), note, NOTICE) for number, note in enumerate(NOTES[:3])]
    moved = notes[0].model_copy(
        update={"published_at": NOON - 20 * DAY, "fetched_at": NOON + HOUR, "published_origin": "json_ld"}
    )
    order = [*notes[1:], made("elsewhere.example", "x", NOTES[3], NOTICE)]
    order.insert(place, moved)
    assert all(len(story) == 1 for story in crawled(backend, [notes[0], *order]))


def test_a_reprint_of_a_reprint_leads_to_the_agency(backend: Backend) -> None:
    body = [*FLASHES, *BACKGROUND]
    articles = [
        made("paper.example", "reprint", *body, at=NOON, mark="agency.example"),
        made("one.example", "copy", *body, at=NOON + HOUR, mark="paper.example"),
        made("two.example", "copy", *body, at=NOON + HOUR, mark="paper.example"),
        made("agency.example", "original", *body, at=NOON + 2 * HOUR),
    ]
    ((first, *_),) = crawled(backend, articles)
    assert first == "agency.example/original"


def test_a_long_transcript_and_the_cut_copy_of_its_opening(backend: Backend) -> None:
    """However long a text is, all that was sampled of its opening is looked up."""
    opening = " ".join(FLASHES + BACKGROUND)
    words = [f"слово{number}" for number in range(40_000)]
    rest = [" ".join(words[start : start + 400]) + "." for start in range(0, len(words), 400)]
    long = made("agency.example", "transcript", opening, *rest)
    cut = made("paper.example", "cut", opening, at=NOON + HOUR, mark="agency.example")
    assert len(long.fingerprint) < 1_000
    assert crawled(backend, [cut, long]) == {("agency.example/transcript", "paper.example/cut")}
