"""`MadeUp`: as many short articles as a test wants, each unlike all others, some of them copied by a second site."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import product

from crawler.demo.page import Answer
from index.backend import Backend
from tests.crawler.demo.expected import articles
from tests.desk import article, feed

AGENCY, REPRINTER = "a.example", "b.example"
SYLLABLES = [f"{a}{b}" for a, b in product("бвгдзклмнпрст", "аеиоу")]
WORDS = 45  # of an article


@dataclass(frozen=True)
class MadeUp:
    """Sites of `count` articles in all; each of the last `copied` is a copy of one of the first."""

    count: int
    copied: int = 0
    seed: int = 20261120

    @property
    def sites(self) -> tuple[str, ...]:
        """The agency, and the site that reprints it if there is one."""
        return (AGENCY, REPRINTER) if self.copied else (AGENCY,)

    @property
    def originals(self) -> list[str]:
        """URLs of the agency's articles, as its feed lists them."""
        return [f"http://{AGENCY}/{number}" for number in range(self.count - self.copied)]

    @property
    def copies(self) -> list[str]:
        """URLs of the reprints; each has the number of its original."""
        return [f"http://{REPRINTER}/{number}" for number in range(self.copied)]

    @property
    def pages(self) -> dict[str, Answer]:
        """A feed that lists everything for each site, and the pages."""
        chance = random.Random(self.seed)
        texts = [_sentences(chance) for _ in self.originals]
        found: dict[str, Answer] = {f"http://{AGENCY}/rss": feed(*self.originals)}
        found |= {url: article(text[0], *text) for url, text in zip(self.originals, texts, strict=True)}
        if self.copied:
            found[f"http://{REPRINTER}/rss"] = feed(*self.copies, host=REPRINTER)
        found |= {url: article(text[0], *text) for url, text in zip(self.copies, texts, strict=False)}
        return found

    def assert_whole(self, index: Backend) -> None:
        """Every article is there once, each copy in the story of its original, and no other story has copies."""
        found = articles(index, limit=2 * self.count)
        assert Counter(each.url for each in found) == Counter(dict.fromkeys(self.originals + self.copies, 1))
        stories = {each.url: each for each in found}
        for number, copy in enumerate(self.copies):
            assert stories[copy].story_id == stories[self.originals[number]].story_id, copy
        stats = index.stats()
        assert (stats["stories"], stats["copies"]) == (self.count - self.copied, self.copied)


def _sentences(chance: random.Random) -> list[str]:
    words = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(WORDS)]
    thirds = [words[start : start + WORDS // 3] for start in range(0, WORDS, WORDS // 3)]
    return [f"{' '.join(third).capitalize()}." for third in thirds]
