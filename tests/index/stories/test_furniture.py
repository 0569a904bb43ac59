from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.stories.furniture import Furniture, Shift, line_values
from index.stories.prose import paragraph_hash, prose
from tests.index.stories.counted import Counted
from tests.index.stories.labelled import fingerprinted
from tests.make import NOON

PLEA = "Подписывайтесь на наш канал, чтобы узнавать о событиях города первыми и без рекламы."

OPENINGS = [
    f"Заметка под номером {number} рассказывает о своём, ни на что не похожем." for number in range(4)
]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


def note(number: int, site: str = "gorod.example", days: int = 0, closing: str = PLEA) -> Article:
    opening = OPENINGS[0].replace("0", str(number))
    return fingerprinted(
        site=site,
        url=f"https://{site}/{number}",
        body=f"{opening}\n\n{closing}",
        published_at=NOON + timedelta(days=days),
        first_seen_at=NOON + timedelta(days=days),
    )


def without_plea(article: Article) -> Article:
    """A later text of a note: its opening alone."""
    return fingerprinted(
        url=article.url,
        site=article.site,
        body=article.paragraphs[0],
        fetched_at=NOON + timedelta(hours=1),
    )


def furniture(backend: Backend, article: Article) -> frozenset[str]:
    return Furniture(backend).of(article)


def test_the_third_article_makes_a_line_furniture(backend: Backend) -> None:
    notes = [note(number) for number in range(3)]
    backend.put(notes[:2])
    assert not furniture(backend, notes[0])
    backend.put(notes[2:])
    assert [furniture(backend, each) for each in notes] == [frozenset({paragraph_hash(PLEA)})] * 3
    assert prose(notes[0], furniture(backend, notes[0])) == notes[0].paragraphs[:1]


def test_other_sites_and_months_do_not_count(backend: Backend) -> None:
    here = note(0, days=-17)  # the first day of NOON's month
    elsewhere = [note(1, "selo.example"), note(2, "posad.example"), note(3, days=14), note(4, days=-18)]
    backend.put([here, *elsewhere])
    assert not furniture(backend, here)
    backend.put([note(5), note(6, days=13)])
    assert furniture(backend, here)


def test_a_time_put_right_later_moves_no_line(backend: Backend) -> None:
    """The values are made of the first sight: another month of publication leaves them as they are."""
    notes = [note(number) for number in range(3)]
    backend.put(notes)
    moved = notes[0].model_copy(
        update={"published_at": NOON - timedelta(days=40), "published_origin": "json_ld"}
    )
    backend.put([moved])
    (stored,) = backend.get([moved.id]).values()
    assert stored.published_at == moved.published_at
    assert furniture(backend, stored) == frozenset({paragraph_hash(PLEA)})


def test_a_changed_text_counts_as_it_is_now(backend: Backend) -> None:
    notes = [note(number) for number in range(3)]
    backend.put(notes)
    assert backend.put([without_plea(notes[2])]) == ["revised"]
    assert not furniture(backend, notes[0])


def test_a_notice_on_top_is_furniture(backend: Backend) -> None:
    notes = [fingerprinted(url=f"https://example.org/{n}", body=f"{PLEA}\n\n{OPENINGS[n]}") for n in range(3)]
    backend.put(notes)
    for each in notes:
        assert prose(each, furniture(backend, each)) == each.paragraphs[1:]


def test_a_text_that_is_nothing_else_keeps_its_opening(backend: Backend) -> None:
    """One text at three addresses of a site."""
    body = "\n\n".join(OPENINGS[:3])
    again = [fingerprinted(url=f"https://example.org/{n}", body=body) for n in range(3)]
    backend.put(again)
    for each in again:
        assert prose(each, furniture(backend, each)) == each.paragraphs[:1]


def test_only_the_opening_and_the_end_are_looked_at() -> None:
    article = fingerprinted(body="\n\n".join(f"Абзац номер {number}." for number in range(20)))
    assert list(line_values(article)) == [
        paragraph_hash(f"Абзац номер {number}.") for number in (0, *range(14, 20))
    ]


def test_a_shift_names_those_judged_before(backend: Backend) -> None:
    notes = [note(number) for number in range(4)]
    backend.put(notes[:2])
    assert not Furniture(backend).shift(notes[:2]).holders
    backend.put(notes[2:3])
    first = Furniture(backend)
    shift = first.shift(notes[2:3])
    assert shift.holders == {each.id for each in notes[:3]}
    first.remember(shift)
    backend.put(notes[3:])
    assert not Furniture(backend).shift(notes[3:]).holders


def test_a_line_that_is_no_longer_repeated_is_text_again(backend: Backend) -> None:
    notes = [note(number) for number in range(3)]
    backend.put(notes)
    learning = Furniture(backend)
    learning.remember(learning.shift(notes))
    changed = without_plea(notes[2])
    backend.put([changed])
    unlearning = Furniture(backend)
    shift = unlearning.shift(backend.get([changed.id]).values())
    assert shift.holders == {each.id for each in notes[:2]}
    unlearning.remember(shift)
    backend.put([note(3)])
    assert Furniture(backend).shift([note(3)]).holders == {note(number).id for number in (0, 1, 3)}


def test_lines_of_many_articles_are_read_in_one_call(backend: Backend) -> None:
    notes = [note(number, closing=f"{PLEA}\n\nВыпуск {number // 3} закрыт.") for number in range(12)]
    backend.put(notes)
    counted = Counted(backend)
    read = Furniture(counted.backend)
    read.read(notes)
    read.read(notes[:3])
    assert counted.calls == {"holders": 1}
    assert {read.of(each) for each in notes} == {
        frozenset(map(paragraph_hash, (PLEA, f"Выпуск {number} закрыт."))) for number in range(4)
    }
    assert counted.calls == {"holders": 1}


def test_an_article_that_was_not_read_before_is_looked_up(backend: Backend) -> None:
    notes = [note(number) for number in range(4)]
    backend.put(notes)
    counted = Counted(backend)
    assert Furniture(counted.backend).of(notes[3]) == {paragraph_hash(PLEA)}
    assert counted.calls == {"holders": 1}


def test_an_answer_holds_for_the_batch(backend: Backend) -> None:
    """One batch judges all its texts alike, whatever is stored meanwhile."""
    notes = [note(number) for number in range(3)]
    backend.put(notes[:2])
    asked = Furniture(backend)
    assert not asked.of(notes[0])
    backend.put(notes[2:])
    assert not asked.of(notes[1])
    assert furniture(backend, notes[1])


def test_a_shift_without_furniture_asks_for_no_state(backend: Backend) -> None:
    notes = [note(number, f"s{number}.example") for number in range(9)]
    backend.put(notes)
    counted = Counted(backend)
    shift = Furniture(counted.backend).shift(notes)
    assert shift == Shift()
    assert counted.calls == {"holders": 1}


def test_shifts_of_several_sites_keep_apart(backend: Backend) -> None:
    ours, theirs = ([note(number, site) for number in range(3)] for site in ("a.example", "b.example"))
    backend.put([*ours, *theirs[:2]])
    furnished = Furniture(backend)
    shift = furnished.shift([*ours, *theirs[:2]])
    assert (set(shift.learned), shift.holders) == ({"a.example"}, {each.id for each in ours})
    furnished.remember(shift)
    backend.put(theirs[2:])
    shift = Furniture(backend).shift([*ours, *theirs])
    assert (set(shift.learned), shift.holders) == ({"b.example"}, {each.id for each in theirs})


def test_a_line_that_enough_others_keep_stays_furniture(backend: Backend) -> None:
    notes = [note(number) for number in range(4)]
    backend.put(notes)
    learning = Furniture(backend)
    learning.remember(learning.shift(notes))
    changed = without_plea(notes[3])
    backend.put([changed])
    shift = Furniture(backend).shift(backend.get([changed.id]).values())
    assert shift == Shift()


def test_a_dropped_line_concerns_those_who_keep_it(backend: Backend) -> None:
    """Also where it was never furniture: whether it was is not remembered for ever, and these are few."""
    rare = "Материал подготовлен при поддержке читателей, приславших снимки."
    notes = [note(number) for number in range(3)]
    pair = [note(number, closing=f"{PLEA}\n\n{rare}") for number in (3, 4)]
    backend.put([*notes, *pair])
    learning = Furniture(backend)
    learning.remember(learning.shift([*notes, *pair]))
    changed = without_plea(pair[0])
    backend.put([changed])
    counted = Counted(backend)
    value = line_values(pair[0])[paragraph_hash(rare)]
    shift = Furniture(counted.backend).shift(backend.get([changed.id]).values())
    assert shift == Shift(unlearned={changed.site: {value}}, holders={pair[1].id})


def test_a_line_that_nobody_keeps_is_forgotten(backend: Backend) -> None:
    notes = [note(number) for number in range(3)]
    backend.put(notes)
    learning = Furniture(backend)
    learning.remember(learning.shift(notes))
    backend.put([without_plea(each) for each in notes])
    unlearning = Furniture(backend)
    shift = unlearning.shift(backend.get([each.id for each in notes]).values())
    assert (set(shift.unlearned), shift.holders) == ({notes[0].site}, set())
    unlearning.remember(shift)
    assert backend.get_state(f"furniture:{notes[0].site}") == {"judged": []}
