"""What a reader sees: every part of an explanation, within the width, and nothing that could steer a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from index.article import Article, Evidence, Precision
from index.backend import Backend, Edge
from index.engine import open_index
from index.search.render import Style
from index.stories.explain import explain
from index.stories.explained import when
from index.stories.explained_text import SHOWN, render
from index.stories.linker import link_pending
from tests.index.stories.counted_words import article, words
from tests.index.stories.labelled import article_id, article_of, marked, rows
from tests.make import NOON, make_source

HOSTILE = "Мост\x1b[31m открыт\u202e[bold red]\x07\x9b2J\r\nдва\u200b{0}%s"


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    engine = open_index(f"sqlite:///{tmp_path}/svodka.db")
    yield engine
    engine.close()


@pytest.fixture
def labelled(backend: Backend) -> Backend:
    """The labelled set, linked."""
    backend.put([article_of(row) for row in rows()])
    link_pending(backend)
    return backend


def shown(
    backend: Backend,
    wanted: str | Article,
    *,
    width: int = 100,
    styled: bool = False,
    everything: bool = False,
) -> str:
    id = wanted.id if isinstance(wanted, Article) else article_id(wanted)
    explanation = explain(backend, backend.get([id])[id])
    return render(explanation, Style(width=width, styled=styled), everything=everything)


def flat(text: str) -> str:
    """A text whatever the width it was set in."""
    return " ".join(text.split())


def test_every_part(labelled: Backend) -> None:
    text = flat(shown(labelled, "most-cut"))
    for part in (
        "Мост через Каму заработал kama-online.example · 12 Jan 2026 11:05 UTC https://kama-online.example/most-cut",
        "12 Jan 2026 11:05 UTC: exact to the second, read in the page's JSON-LD.",
        (
            "РИА Новости (ria.ru), confidence 0.80 0.80 closing line with a label «Источник: РИА Новости» names РИА "
            "Новости (ria.ru): a mark, the text came from there"
        ),
        "A copy in a story of 4 articles on 4 sites: gorod18.example, kama-online.example, ria.ru, udm-vesti.example",
        "Canonical: «Новый мост через Каму открыли раньше срока», ria.ru · 12 Jan 2026 09:10 UTC, https://ria.ru/most-ria",
        "Why: the marks of 3 other articles of the story name its house, ria.ru, or a reprint of it; none names the runner-up's.",
        "source mark: «Источник: РИА Новости»",
        "Compared with other articles: 3 accepted, 0 refused",
        "+ Новый мост через Каму открыли раньше срока ria.ru · 12 Jan 2026 09:10 UTC · in this story",
        "Accepted (marked_copy): 65% of the shorter text has to be shared, 100% is;",
        "Linked by a mark: this article's mark names ria.ru, the other's house.",
        "Shared: 100% of the shorter text (this one, 49 words) and 49% of the longer (the other, 100);",
        "Places where both have a figure: 4, none differing; a name: 4, none differing. Stored: the same verdict.",
    ):
        assert part in text


def test_refused_articles_follow_with_their_reason(labelled: Backend) -> None:
    text = flat(shown(labelled, "kurs-14"))
    assert "1 accepted, 2 refused" in text
    assert text.index("+ Доллар подорожал") < text.index("- Курс доллара на 15 января")
    assert (
        "Refused (numbers): 8 of 12 places where both texts have a figure differ (67%), fewer than 15%"
        in text
    )
    assert "repeated by the site: «Регулятор напоминает" in text


def test_an_original_that_was_never_found_is_said(labelled: Backend) -> None:
    assert (
        "By its marks the original is from apnews.com; no article from there has been found for this story."
        in flat(shown(labelled, "orca-2"))
    )


def test_alone(labelled: Backend) -> None:
    text = shown(labelled, "most-own")
    assert "Alone: no other stored article is a copy of its text." in text
    assert "Runner-up" not in text


def test_a_chain_and_a_pair_that_is_not_stored(backend: Backend) -> None:
    first, second = article("first", words(0, 60)), article("second", words(100, 160))
    whole = article("whole", words(0, 60), words(100, 160))
    backend.put([first, second, whole])
    link_pending(backend)
    backend.put([article("late", words(0, 60))])
    text = flat(shown(backend, first))
    assert (
        "«Заметка second», second.example · 18 Jan 2026 12:00 UTC: no pair with this article, but connected by accepted "
        "pairs through «Заметка whole», whole.example · 18 Jan 2026 12:00 UTC"
    ) in text
    assert "! Not stored yet: linking has not reached the two" in text


def test_a_stale_verdict_is_said(backend: Backend) -> None:
    one, other = sorted(
        [article("one", words(0, 60)), article("two", words(0, 60))], key=lambda each: each.id
    )
    backend.put([one, other])
    backend.link([], [Edge(one.id, other.id, False, "names", one.judged_hash, other.judged_hash)])
    assert "! Stored is another verdict (names)" in flat(shown(backend, one))


def test_at_most_ten_refused_unless_all(backend: Backend) -> None:
    asked = article("asked", words(0, 100))
    refused = [article(f"r{n}", words(500 + 60 * n, 560 + 60 * n), words(0, 55)) for n in range(SHOWN + 3)]
    backend.put([asked, *refused])
    text = shown(backend, asked)
    assert f"0 accepted, {SHOWN + 3} refused" in text
    assert text.count("\n  - ") == SHOWN
    assert text.endswith("\n\n3 more were refused; --all shows them\n")
    everything = shown(backend, asked, everything=True)
    assert everything.count("\n  - ") == SHOWN + 3
    assert "--all" not in everything


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", ["most-cut", "kurs-14", "mill-day", "brief-item"])
def test_lines_keep_within_the_width(labelled: Backend, name: str, width: int) -> None:
    for line in shown(labelled, name, width=width).splitlines():
        assert cell_len(line) <= width or len(line.split()) == 1, line


def test_nothing_of_an_article_steers_the_terminal(backend: Backend) -> None:
    sign = Evidence(
        kind="mark_label", name=HOSTILE, domain="x\x1b.example", text=f"Источник: {HOSTILE}", confidence=0.8
    )
    source = marked("one.example", "two.example", "x").model_copy(
        update={"name": HOSTILE, "evidence": [sign]}
    )
    fields = {"title": HOSTILE, "source": source, "original_url": f"https://a.example/{HOSTILE}"}
    bad = article("one", words(0, 60), f"Фото {HOSTILE}").model_copy(update=fields)
    other = article("two", words(0, 60), f"Фото {HOSTILE}").model_copy(
        update={"title": HOSTILE, "url": f"https://b.example/\x1b]0;{HOSTILE}"}
    )
    refused = article("three", words(500, 560), words(0, 30)).model_copy(update={"title": HOSTILE})
    backend.put([bad, other, refused])
    link_pending(backend)
    for each in (bad, other, refused):
        text = shown(backend, each, everything=True)
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", text
        )
        assert "[bold red]" in text
        assert "{0}%s" in text
        styled = shown(backend, each, styled=True)
        assert set(re.findall("\x1b\\[?[0-9;]*[A-Za-z]?", styled)) == {
            "\x1b[1m",
            "\x1b[22m",
            "\x1b[2m",
        }


def test_styles_only_where_asked_for(labelled: Backend) -> None:
    assert "\x1b" not in shown(labelled, "most-cut")
    styled = shown(labelled, "most-cut", styled=True)
    assert styled.startswith("\x1b[1mМост через Каму заработал\x1b[22m\n")
    assert re.sub("\x1b\\[\\d+m", "", styled) == shown(labelled, "most-cut")


def test_a_time_that_is_not_known(backend: Backend) -> None:
    unknown = article("one", words(0, 60), published_precision="unknown", published_origin="first_seen")
    backend.put([unknown])
    text = flat(shown(backend, unknown))
    assert "one.example · seen 18 Jan 2026" in text
    assert (
        "Not known: the page tells none, the time of the first sight stands in. First seen 18 Jan 2026"
        in text
    )


def test_the_offset_and_the_last_change(backend: Backend) -> None:
    made = article("one", words(0, 60), published_offset=330, modified_at=NOON.replace(hour=13), revision=3)
    backend.put([made])
    text = flat(shown(backend, made))
    assert "18 Jan 2026 17:30 by the offset given there, UTC+05:30." in text
    assert "; last changed 18 Jan 2026 13:00 UTC, says the page." in text


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("second", "18 Jan 2026 12:00 UTC"),
        ("minute", "18 Jan 2026 12:00 UTC"),
        ("day", "18 Jan 2026"),
        ("unknown", "seen 18 Jan 2026"),
    ],
)
def test_a_time_is_shown_as_exact_as_it_is(precision: Precision, shown: str) -> None:
    for zone in (UTC, timezone(timedelta(hours=13))):
        assert when(NOON.astimezone(zone), precision) == shown


@pytest.mark.parametrize("offset", [None, 330])
def test_of_a_day_no_clock_is_told(backend: Backend, offset: int | None) -> None:
    made = article("one", words(0, 60), published_precision="day", published_offset=offset)
    backend.put([made])
    text = flat(shown(backend, made))
    assert "18 Jan 2026: only the day is known" in text
    assert "It is kept as 12:00 UTC, at which it is that day in nearly every time zone." in text
    assert "by the offset" not in text


class TestTheOriginal:
    """An article that names another house, with articles of that house in the index or without."""

    WIRE = words(0, 40)

    def reprint(self, name: str, *paragraphs: str, of: str, hours: float = 1) -> Article:
        return article(name, *paragraphs, hours=hours, source=make_source(of, foreign=True))

    def linked(self, backend: Backend, *articles: Article) -> None:
        backend.put(articles)
        link_pending(backend)

    def test_one_that_was_compared_and_refused_is_not_said_to_be_missing(self, backend: Backend) -> None:
        wire = article("wire", self.WIRE)
        reprint = self.reprint("reprint", self.WIRE, words(100, 400), of="wire.example", hours=5)
        self.linked(backend, wire, reprint)
        text = flat(shown(backend, reprint))
        if "Refused (round_up)" not in text:
            pytest.fail(text)
        assert (
            "By its marks the original is from wire.example; 1 article from there was compared and refused: see below."
            in text
        )
        assert "no article from there has been found" not in text
        assert (
            "A mark links the two, but it alone makes no copy: this article's mark names wire.example" in text
        )
        assert "Linked by a mark" not in text

    def test_marks_that_do_not_agree_are_all_told(self, backend: Backend) -> None:
        wire = article("wire", self.WIRE)
        copies = [
            self.reprint(f"c{n}", self.WIRE, of=of)
            for n, of in enumerate(["far.example"] * 2 + ["wire.example"])
        ]
        self.linked(backend, wire, *copies)
        text = flat(shown(backend, wire))
        assert (
            "Its articles' marks do not agree on a house. Named are far.example by 2 (no article from there is in the "
            "story), wire.example by 1."
        ) in text
        explained = explain(backend, backend.get([wire.id])[wire.id])
        assert [(each.domain, each.by, each.present) for each in explained.story.named] == [
            ("far.example", 2, False),
            ("wire.example", 1, True),
        ]

    def test_marks_that_agree_are_not_worth_a_line(self, backend: Backend) -> None:
        wire = article("wire", self.WIRE)
        self.linked(backend, wire, self.reprint("copy", self.WIRE, of="wire.example"))
        assert "do not agree" not in shown(backend, wire)


def test_what_is_left_out_of_the_other_article_is_said(labelled: Backend) -> None:
    text = flat(shown(labelled, "most-ria"))
    assert re.search(r"Of the other \d+ of \d+ words are compared; left out: source mark\.", text)


def test_whose_id_the_story_has(backend: Backend) -> None:
    wire, copy = article("wire", words(0, 40)), article("copy", words(0, 40), hours=1)
    backend.put([wire, copy])
    link_pending(backend)
    owner, other = sorted((wire, copy), key=lambda each: each.id)
    assert f"Story id: {owner.id}, this article's, the smallest id in it" in flat(shown(backend, owner))
    assert f"Story id: {owner.id}, that of «{owner.title}», {owner.site}" in flat(shown(backend, other))


def test_times_in_a_time_zone(labelled: Backend) -> None:
    id = article_id("most-cut")
    zone = ZoneInfo("Europe/Samara")
    explanation = explain(labelled, labelled.get([id])[id], zone=zone)
    text = render(explanation, Style(width=100, zone=zone))
    assert "12 Jan 2026 15:05 +04: exact to the second" in text
    assert " UTC" not in text.replace("by the offset given there, UTC", "").replace("No UTC offset", "")
