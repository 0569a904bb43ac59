"""Storing without transactions: several writers of one article, refusals, marks for linking."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from index.article import Article
from index.elastic import lookup, stories, writing
from index.elastic.backend import ElasticBackend
from index.elastic.bulk import Action, send
from index.elastic.documents import mark
from index.revise import Change, revise_all
from tests.index.elastic.engines import Open, opener
from tests.make import NOON, make_article
from tests.nodes.engines import Engine

HOUR = timedelta(hours=1)
WRITERS = 4


@pytest.fixture
def open_index(es: Engine) -> Iterator[Open]:
    with opener(es) as open_one:
        yield open_one


def text(number: int, url: str = "https://example.org/1") -> Article:
    return make_article(url=url, title=f"Текст {number}", fetched_at=NOON + HOUR * number)


def poisoned(number: int) -> Article:
    """An article that is valid for us and not for the mapping: an offset of days."""
    return make_article(url=f"https://example.org/poisoned/{number}", published_offset=1_000_000)


def mark_alone(backend: ElasticBackend, due: dict[str, Change]) -> None:
    """Carry out the first of the three writes and no more."""
    judged = {id: change.after.judged_hash for id, change in due.items()}
    writing._mark(backend.engine, due, dict.fromkeys(due, 1), judged)


def test_one_poisoned_article_of_five_hundred_is_refused_alone(open_index: Open) -> None:
    backend = open_index()
    batch = [make_article(url=f"https://example.org/{number}") for number in range(500)]
    batch[123] = poisoned(123)
    answers = backend.deliver(batch)
    assert [each.stored for each in answers if each.stored] == ["indexed"] * 499
    assert "published_offset" in answers[123].refused
    assert backend.stats()["articles"] == backend.stats()["pending"] == 499
    assert backend.check().faults == []


def test_a_refused_revision_leaves_the_article_as_it_was(open_index: Open) -> None:
    backend = open_index()
    backend.put([text(0)])
    backend.link([(text(0).id, text(0).judged_hash)], [])
    bad = text(1).model_copy(update={"published_offset": 1_000_000})
    (answer,) = backend.deliver([bad])
    assert answer.refused
    assert backend.get([bad.id])[bad.id].title == "Текст 0"
    assert backend.revisions(bad.id) == []
    # It may be linked once more than needed, and then no more.
    assert backend.pending(9) == [bad.id]
    backend.link([(text(0).id, text(0).judged_hash)], [])
    assert backend.pending(9) == []
    assert backend.check().faults == []


def test_writers_of_one_article_end_with_the_newest_text_and_every_earlier_one(open_index: Open) -> None:
    rounds = 12
    backends = [open_index() for _ in range(WRITERS)]

    def write(writer: int) -> list[str]:
        numbers = range(writer, rounds * WRITERS, WRITERS)
        return [str(backends[writer].deliver([text(number)])[0].stored) for number in numbers]

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = [answer for each in pool.map(write, range(WRITERS)) for answer in each]
    held = backends[0].get([text(0).id])[text(0).id]
    assert held.title == f"Текст {rounds * WRITERS - 1}"
    assert answers.count("indexed") == 1
    assert held.revision == 1 + answers.count("revised")
    earlier = backends[1].revisions(held.id)
    assert [each.revision for each in earlier] == list(range(1, held.revision))
    assert [each.fetched_at for each in earlier] == sorted(each.fetched_at for each in earlier)
    assert backends[0].check().faults == []


def test_a_death_before_the_article_was_written_leaves_nothing_to_mend(open_index: Open) -> None:
    """The first two of the three writes are carried out, then the process is gone."""
    backend = open_index()
    backend.put([text(0)])
    due = revise_all({text(0).id: text(0)}, [text(1)])
    mark_alone(backend, due)
    writing._keep_history(backend.engine, due)
    lonely = make_article(url="https://example.org/lonely")
    mark_alone(backend, revise_all({}, [lonely]))
    later = open_index()
    assert later.check().faults == []  # it looks at all that anyone has written
    assert later.revisions(text(0).id) == []
    assert later.pending(9) == [text(0).id]
    assert later.put([text(1), lonely]) == ["revised", "indexed"]
    assert [each.title for each in later.revisions(text(0).id)] == ["Текст 0"]
    assert later.check().faults == []


def test_many_marks_without_an_article_do_not_hide_the_others(open_index: Open) -> None:
    backend = open_index()
    engine = backend.engine
    marks = [
        Action("index", engine.names.alias("pending"), f"{number:032x}", mark("", number))
        for number in range(30)
    ]
    send(engine.cluster, marks, engine.settings)
    engine.written("pending")
    batch = [make_article(url=f"https://example.org/{number}") for number in range(5)]
    backend.put(batch)
    assert backend.pending(3) == [each.id for each in batch[:3]]
    assert backend.pending(10) == [each.id for each in batch]
    assert lookup.count(engine, "pending") == 35


def test_a_mark_set_anew_while_linking_stays(open_index: Open) -> None:
    one, other = open_index(), open_index()
    one.put([text(0)])
    other.put([text(1)])
    one.link([(text(0).id, text(0).judged_hash)], [])
    assert one.pending(9) == [text(0).id]
    other.link([(text(1).id, other.get([text(1).id])[text(1).id].judged_hash)], [])
    assert other.pending(9) == []


def test_a_mark_that_another_writer_has_overwritten_in_vain_is_put_right(open_index: Open) -> None:
    """The slower of two writers has marked its older text last; then it finds the newer one stored."""
    slow, quick = open_index(), open_index()
    slow.put([text(0)])
    quick.put([text(2)])
    mark_alone(slow, revise_all({text(0).id: text(0)}, [text(1)]))
    assert slow.put([text(1)]) == ["unchanged"]
    stored = slow.get([text(0).id])[text(0).id]
    slow.link([(stored.id, stored.judged_hash)], [])
    assert slow.pending(9) == []


def test_the_mark_of_a_writer_that_died_is_taken_off_after_a_while(
    open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, alive = open_index(), open_index()
    alive.put([text(0)])
    mark_alone(dead, revise_all({text(0).id: text(0)}, [text(1)]))
    alive.link([(text(0).id, text(0).judged_hash)], [])
    assert alive.pending(9) == [text(0).id]  # it might still be written
    monkeypatch.setattr(stories, "ABANDONED", -60_000)
    alive.link([(text(0).id, text(0).judged_hash)], [])
    assert alive.pending(9) == []


def test_the_mark_of_a_refused_article_that_another_has_stored_stays(open_index: Open) -> None:
    """Two writers of one new id: the one whose document is refused marked last."""
    refused, stored = open_index(), open_index()
    good = text(0)
    bad = good.model_copy(update={"published_offset": 1_000_000})
    stored.put([good])
    mark_alone(refused, revise_all({}, [bad]))
    writing._correct_marks(refused.engine, [bad.id], {})
    assert refused.pending(9) == [good.id]
