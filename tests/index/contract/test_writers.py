"""Several writers at once: each article once, its newest text, every story right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.stories.linker import link_batch, link_pending
from index.stories.rank import Label, Member, label
from tests.index.contract.stories import label_of
from tests.make import NOON, make_article

WRITERS, ARTICLES, TEXTS = 3, 12, 4
HOUR = timedelta(hours=1)
WIRE = [f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" for number in range(12)]
PARAGRAPH = (
    "Движение по новому мосту через реку Быструю открыли в пятницу утром, сообщили в городской администрации, "
    "строители сдали переправу на два месяца раньше срока и уложились в смету, которую утвердили весной."
)


def article(number: int, text: int) -> Article:
    """Every third is a copy of one wire text; the others have their own."""
    copied = number % 3 == 0
    own = [f"{(number * 100 + n) * 0x9E3779B97F4A7C15 % 2**64:016x}" for n in range(1, 10)]
    return make_article(
        site=f"s{number}.ru",
        url=f"https://s{number}.ru/1",
        title=f"Заметка {number}, вариант {text}",
        body=PARAGRAPH if copied else f"Своя заметка номер {number} " * 9,
        fingerprint=sorted(WIRE if copied else own),
        published_at=NOON + HOUR * number,
        fetched_at=NOON + HOUR * text,
    )


def write(address: str, seed: int) -> None:
    """Store and link all articles in all texts, in an order of one's own."""
    made = [article(number, text) for number in range(ARTICLES) for text in range(TEXTS)]
    random.Random(seed).shuffle(made)
    with closing(open_index(address)) as backend:
        for at in range(0, len(made), 8):
            batch = made[at : at + 8]
            backend.put(batch)
            link_batch(backend, [each.id for each in batch])


def due(stored: Sequence[Article]) -> list[Label]:
    copies = [each.id for each in stored if each.body == PARAGRAPH]
    return label([Member.of(each) for each in stored], [(copies[0], each) for each in copies[1:]])


def test_writers_side_by_side(address: str, backend: Backend) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, [address] * WRITERS, range(WRITERS)))
    link_pending(backend)
    check = backend.check()
    assert check.faults == []
    assert (check.counts["articles"], backend.stats()["pending"]) == (ARTICLES, 0)
    stored = list(backend.get(sorted(article(number, 0).id for number in range(ARTICLES))).values())
    assert {each.title.rpartition(" ")[2] for each in stored} == {str(TEXTS - 1)}
    assert all(
        [old.revision for old in backend.revisions(each.id)] == list(range(1, each.revision))
        for each in stored
    )
    held = [label_of(a) for a in stored]
    assert held == due(stored)
