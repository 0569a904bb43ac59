from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.stories.furniture import Furniture, line_values
from index.stories.prose import paragraph_hash, prose
from tests.index.stories.labelled import fingerprinted
from tests.make import NOON

PLEA = "Подписывайтесь на наш канал, чтобы узнавать о событиях города первыми и без рекламы."


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


def note(number: int, site: str = "gorod.example", days: int = 0, closing: str = PLEA) -> Article:
    opening = f"Заметка под номером {number} рассказывает о своём, ни на что не похожем."
    return fingerprinted(
        site=site,
        url=f"https://{site}/{number}",
        body=f"{opening}\n\n{closing}",
        published_at=NOON + timedelta(days=days),
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


def test_other_sites_and_weeks_do_not_count(backend: Backend) -> None:
    here = note(0, days=-6)  # Monday of the week that NOON, a Sunday, ends
    elsewhere = [note(1, "selo.example"), note(2, "posad.example"), note(3, days=1), note(4, days=-7)]
    backend.put([here, *elsewhere])
    assert not furniture(backend, here)
    backend.put([note(5), note(6, days=-3)])
    assert furniture(backend, here)


def test_a_changed_text_counts_as_it_is_now(backend: Backend) -> None:
    notes = [note(number) for number in range(3)]
    backend.put(notes)
    later = {"fetched_at": NOON + timedelta(hours=1)}
    changed = fingerprinted(url=notes[2].url, site=notes[2].site, body=notes[2].paragraphs[0], **later)
    assert backend.put([changed]) == ["revised"]
    assert not furniture(backend, notes[0])


def test_the_opening_is_never_furniture() -> None:
    article = fingerprinted(body=PLEA)
    assert line_values(article) == {}


def test_only_the_end_is_looked_at() -> None:
    article = fingerprinted(body="\n\n".join(f"Абзац номер {number}." for number in range(20)))
    assert list(line_values(article)) == [
        paragraph_hash(f"Абзац номер {number}.") for number in range(14, 20)
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
    changed = fingerprinted(
        url=notes[2].url,
        site=notes[2].site,
        body=notes[2].paragraphs[0],
        fetched_at=NOON + timedelta(hours=1),
    )
    backend.put([changed])
    unlearning = Furniture(backend)
    shift = unlearning.shift(backend.get([changed.id]).values())
    assert shift.holders == {each.id for each in notes[:2]}
    unlearning.remember(shift)
    backend.put([note(3)])
    assert Furniture(backend).shift([note(3)]).holders == {note(number).id for number in (0, 1, 3)}
