"""Two texts side by side as visitors meet them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from index.engine import open_index
from index.web.differences import MOST_WORDS
from index.web.server import served
from tests.index.contract.stories import fold_into_one_story
from tests.index.web.browser import Browser
from tests.index.web.conftest import options_for
from tests.index.web.told import CHAINED, COPIES, DAY, EDITED, LONGER, MARK, ORIGINAL, SECOND, told

STORY = min(each.id for each in (ORIGINAL, *COPIES))


def test_what_a_copy_changed(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}/compare/{EDITED.id}")
    assert page.status == 200
    assert page.texts("h1") == ["What the copy changed"]
    assert page.texts(".sides h2") == [
        "Original wire.example 20 Nov 2026, 06:00",
        "Copy a.example 20 Nov 2026, 07:12",
    ]
    assert page.links(".sides h2 > a") == [f"/article/{ORIGINAL.id}", f"/article/{EDITED.id}"]
    assert page.texts("section > .why li") == [
        "The headline differs.",
        "21 words are only in “Original” (struck through, or −).",
        "3 words are only in “Copy” (underlined, or +).",
    ]
    assert page.texts(".diff .headline del, .diff .headline ins") == [
        "removed: Главная новость",
        "added: Новость, a.example",
    ]
    assert page.texts(".diff .differs:not(.headline) del") == ["removed: ага"]
    assert page.texts(".diff .differs:not(.headline) ins") == ["added: иначе"]
    assert len(page.texts(".diff .same")) == 3
    assert page.texts(".diff .lone:not(.headline) ins") == [f"added: {MARK}"]
    assert page.texts(".diff .lone:not(.headline) del")[0].startswith("removed: ")
    assert page.links(".kicker a") == [f"/story/{STORY}"]


def test_equal_paragraphs_are_read_out_once(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}/compare/{EDITED.id}")
    for row in page.tree.cssselect(".diff .same"):
        once, again = row.cssselect("p")
        assert (once.get("aria-hidden"), again.get("aria-hidden")) == (None, "true")
        assert once.text_content() == again.text_content()


def test_why_the_two_are_one_text(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}/compare/{EDITED.id}")
    assert page.texts("details .why li") == [
        "Copies of one text. 99% of the shorter text is shared; at least 65% must be.",
        "79% of the 100 words of wire.example is in the other text.",
        "99% of the 80 words of a.example is in the other text.",
        "The source mark of a.example names wire.example.",
    ]
    chained = desk.get(f"/story/{STORY}/compare/{CHAINED.id}")
    assert chained.texts("details .why li")[0] == (
        "By themselves not taken for copies of one text. Only 60% of the shorter text is shared; at least 65% must be."
    )


def test_two_copies(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}/compare/{CHAINED.id}/{LONGER.id}?lang=ru&zone=Europe/Moscow")
    assert page.texts("h1") == ["Две перепечатки рядом"]
    assert [each.split(" 22")[0] for each in page.texts(".sides h2")] == [
        "Перепечатка, b.example b.example",
        "Перепечатка, c.example c.example",
    ]
    assert all("zone=Europe%2FMoscow&lang=ru" in link for link in page.links(".kicker a, .sides h2 > a"))


def test_equal_texts(desk: Browser) -> None:
    page = desk.get(f"/story/{STORY}/compare/{DAY.id}")
    assert page.texts("section > .why li") == [
        "The headline differs.",
        "The text is the same, word for word.",
    ]
    assert page.texts(".diff li:not(.headline) del, .diff li:not(.headline) ins") == []


@pytest.mark.parametrize(
    ("path", "told_so"),
    [
        (f"/story/{'0' * 32}/compare/{EDITED.id}", "There is no story with this id."),
        (f"/story/{STORY}/compare/{'0' * 32}", "There is no article with this id in this story."),
        (f"/story/{STORY}/compare/{SECOND.id}", "There is no article with this id in this story."),
        (
            f"/story/{STORY}/compare/{EDITED.id}/{SECOND.id}",
            "There is no article with this id in this story.",
        ),
        (f"/story/{STORY}/compare/{ORIGINAL.id}", "An article cannot be compared with itself."),
        (f"/article/{'0' * 32}/versions/2", "There is no article with this id."),
        (f"/article/{SECOND.id}/versions/1", "This article has no such version"),
        (f"/article/{SECOND.id}/versions/3", "This article has no such version"),
        (f"/article/{SECOND.id}/versions/x", "Nothing is at this address."),
    ],
)
def test_what_cannot_be_compared(desk: Browser, path: str, told_so: str) -> None:
    page = desk.get(path)
    assert page.status == 404
    assert told_so in page.text


def test_versions_of_an_article(desk: Browser) -> None:
    page = desk.get(f"/article/{SECOND.id}/versions/2")
    assert page.texts("h1") == ["What was edited"]
    assert page.texts(".sides h2") == ["Version 1 20 Nov 2026, 07:00", "Version 2 20 Nov 2026, 10:00"]
    assert page.links(".kicker a") == [f"/article/{SECOND.id}"]
    assert page.texts("section > .why li") == [
        "The headline differs.",
        "1 word is only in “Version 1” (struck through, or −).",
        "23 words are only in “Version 2” (underlined, or +).",
    ]
    assert page.texts(".diff .differs:not(.headline) ins") == ["added: теперь"]


def test_long_texts_are_cut_and_it_is_told(tmp_path: Path) -> None:
    words = [f"слово{n}" for n in range(MOST_WORDS + 2_000)]
    long = [told(f"{site}.example", " ".join(words)) for site in ("a", "b")]
    address = f"sqlite:///{tmp_path}/svodka.db"
    with closing(open_index(address)) as backend:
        backend.put(long)
        fold_into_one_story(backend, *long)
    with served(options_for(address)) as base:
        page = Browser(base).get(f"/story/{long[0].id}/compare/{long[1].id}")
        if page.status == 404:  # the other one is the original
            page = Browser(base).get(f"/story/{long[0].id}/compare/{long[0].id}")
        small = Browser(base).get(f"/story/{long[0].id}", Accept_Encoding="gzip")
    assert "2,000 words at its end are left out" in page.text
    assert len(small.body) < 60_000
