"""Made-up news in the proportions that cost an index something; the same for a seed, made as it is asked for.

A thousand articles a day over eighty sites. Words follow Zipf's law with inflected endings, so that runs of four
words meet by chance about as rarely as in news; what articles do share is what news shares: stock phrases of all
sites, phrases of the topics of the week, the same notice under every article of some sites, templates of which
only the figures differ, and one article in ten a copy, cut or marked as newsrooms do it. Every second day a wire story
is reprinted by sixty sites.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate, count

from index.article import Article, Evidence, Source
from index.stories.fingerprint import fingerprint_of

START = datetime(2026, 1, 1, tzinfo=UTC)
A_DAY = 1000  # articles
SITES = 80
STEMS = 30_000
STOCK_PHRASES = 400
TOPICS = 60  # at a time
TOPIC_ARTICLES = 7 * A_DAY  # how long one lives
TEMPLATES = 60
TEMPLATE_SHARE = 0.03
WIRE_EVERY = 2 * A_DAY
WIRE_REPRINTS = 60
REPRINTED = 0.04  # of other articles, by one to three sites: with the wires a tenth are copies
NOTICE_EVERY = 4  # one site in so many has a notice that extraction leaves in
WIRE_SITES = 4  # the first sites are agencies, whom copies name

_COMMON = (
    "в",
    "и",
    "на",
    "с",
    "что",
    "по",
    "не",
    "для",
    "о",
    "как",
    "из",
    "за",
    "к",
    "от",
    "это",
    "году",
    "до",
)
_ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах", "ил", "ила", "или", "ный", "ная", "ного")
_SYLLABLES = [first + vowel for first in "бвгджзклмнпрстфхцчшщ" for vowel in "аеиоуыя"]


@dataclass(frozen=True, slots=True)
class Text:
    """What is written once and reprinted: paragraphs without furniture and marks."""

    site: int
    title: str
    paragraphs: tuple[str, ...]


@dataclass(slots=True)
class Newsroom:
    """All sites together. Holds the texts that are still to be reprinted and the topics of the week, no more."""

    seed: int = 1
    chance: random.Random = field(init=False)
    due: list[tuple[int, int, Text]] = field(default_factory=list)  # a heap: number, tie-break, what to print
    words: Words = field(init=False)
    stock: list[str] = field(init=False)
    notices: dict[int, str] = field(init=False)  # by site
    templates: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.words = Words(self.chance)
        self.stock = [self.words.run(self.chance.randint(5, 9)) for _ in range(STOCK_PHRASES)]
        with_notice = range(0, SITES, NOTICE_EVERY)
        self.notices = {site: self.words.sentence(self.chance.randint(18, 35)) for site in with_notice}
        self.templates = [self.words.words(self.chance.randint(60, 110)) for _ in range(TEMPLATES)]

    def articles(self) -> Iterator[Article]:
        """Articles without end, in order of publication, with their fingerprints."""
        for number in count():
            if self.due and self.due[0][0] <= number:
                text = self._reprint(heapq.heappop(self.due)[2])
            else:
                text = self._original(number)
            yield self._article(number, text)

    def _original(self, number: int) -> tuple[Text, str]:
        wire = number % WIRE_EVERY == WIRE_EVERY // 2
        site = self.chance.randrange(WIRE_SITES if wire else SITES)
        template = not wire and self.chance.random() < TEMPLATE_SHARE
        text = Text(
            site, self.words.run(7).capitalize(), tuple(self._filled() if template else self._written(number))
        )
        reprints = WIRE_REPRINTS if wire else self._reprints()
        for _ in range(reprints):
            soon = number + 1 + int(self.chance.expovariate(2 / A_DAY))
            heapq.heappush(self.due, (soon, self.chance.getrandbits(62), text))
        return text, ""

    def _reprints(self) -> int:
        return self.chance.randint(1, 3) if self.chance.random() < REPRINTED else 0

    def _written(self, number: int) -> Iterator[str]:
        """Paragraphs of two or three sentences; some hold a stock phrase or one of the topic's."""
        length = max(60, int(self.chance.lognormvariate(5.2, 0.45)))  # words; the median is 180
        topic = self._topic(number)
        while length > 0:
            sentences = [
                self.words.sentence(self.chance.randint(8, 22), self._phrase(topic))
                for _ in range(self.chance.randint(2, 3))
            ]
            paragraph = " ".join(sentences)
            length -= paragraph.count(" ") + 1
            yield paragraph

    def _phrase(self, topic: Sequence[str]) -> str:
        roll = self.chance.random()
        if roll < 0.12:
            return self.stock[int(STOCK_PHRASES * self.chance.random() ** 3)]
        return self.chance.choice(topic) if roll < 0.20 else ""

    def _topic(self, number: int) -> list[str]:
        """A dozen phrases that the articles of one topic share; which topics there are changes day by day."""
        slot = self.chance.randrange(TOPICS)
        turn = (number + slot * TOPIC_ARTICLES // TOPICS) // TOPIC_ARTICLES
        own = random.Random(f"{self.seed} {slot} {turn}")
        return [self.words.run(own.randint(4, 7), own) for _ in range(12)]

    def _filled(self) -> list[str]:
        """A template with new figures: every eighth word is one."""
        words = [
            str(self.chance.randint(2, 9999)) if place % 8 == 5 else word
            for place, word in enumerate(self.chance.choice(self.templates))
        ]
        return [" ".join(words[start : start + 30]).capitalize() + "." for start in range(0, len(words), 30)]

    def _reprint(self, text: Text) -> tuple[Text, str]:
        """The text on another site: whole or cut, under its own headline, mostly with a mark as last line."""
        site = self.chance.randrange(WIRE_SITES, SITES)
        keep = len(text.paragraphs) if self.chance.random() < 0.6 else max(2, len(text.paragraphs) // 2)
        mark = f"Источник: {site_name(text.site)}" if self.chance.random() < 0.6 else ""
        return replace(
            text, site=site, title=self.words.run(6).capitalize(), paragraphs=text.paragraphs[:keep]
        ), mark

    def _article(self, number: int, printed: tuple[Text, str]) -> Article:
        text, mark = printed
        site, moment = site_name(text.site), START + timedelta(days=1) * (number / A_DAY)
        body = "\n\n".join(filter(None, (*text.paragraphs, self.notices.get(text.site), mark)))
        url = f"https://{site}/{number}"
        id = _digest(url)
        article = Article(
            id=id,
            url=url,
            link_ids=[id],
            site=site,
            domain=site,
            title=text.title,
            body=body,
            language="ru",
            published_at=moment,
            published_precision="second",
            published_origin="feed",
            first_seen_at=moment,
            fetched_at=moment,
            word_count=body.count(" ") + 1,
            content_hash=_digest(text.title, body),
            source=_source(site, mark),
        )
        return article.model_copy(update={"fingerprint": fingerprint_of(article)})


class Words:
    """A language of its own: Zipf's law over stems (Mandelbrot's form), each with many endings."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        stems: dict[str, None] = {}
        while len(stems) < STEMS:
            stems[
                "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) + chance.choice("бвгдклмнрст")
            ] = None
        self.stems = list(stems)

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 2.7) for rank in range(STEMS)))

    def words(self, number: int, chance: random.Random | None = None) -> list[str]:
        """So many words; a third are the commonest of the language, never two of them in a row."""
        chance = chance or self.chance
        stems = chance.choices(self.stems, cum_weights=self._weights, k=number)
        endings = chance.choices(_ENDINGS, k=number)
        words: list[str] = []
        for stem, ending in zip(stems, endings, strict=True):
            if words and chance.random() < 0.5:
                words.append(chance.choice(_COMMON))
            words.append(stem + ending)
        return words[:number]

    def run(self, number: int, chance: random.Random | None = None) -> str:
        """So many words as text."""
        return " ".join(self.words(number, chance))

    def sentence(self, number: int, phrase: str = "") -> str:
        """A sentence of so many words, with a phrase before its last third."""
        words = self.words(number)
        at = 2 * number // 3
        return " ".join(filter(None, (*words[:at], phrase, *words[at:]))).capitalize() + "."


def site_name(number: int) -> str:
    """The domain of a site."""
    return f"s{number}.example"


def _source(site: str, mark: str) -> Source:
    if not mark:
        return Source(name=site, domain=site, confidence=0.5)
    named = mark.split()[-1]
    sign = Evidence(kind="mark_label", name=named, domain=named, text=mark, confidence=0.8)
    return Source(name=named, domain=named, confidence=0.8, evidence=[sign])


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
