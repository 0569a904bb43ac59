"""Elasticsearch makes of any text the words that `index.search.analysis` makes of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, permutations
from random import Random

import pytest
from elasticsearch import Elasticsearch

from index.elastic.analysis import ANALYSIS
from index.elastic.english import overrides
from index.search.analysis import fold_value, stem, tokens_with_offsets
from tests.nodes.engines import Engine

# Scripts of Europe, the Caucasus and the Near East, punctuation, symbols, Han and Hiragana, and all emoji.
COMPARED = [
    code
    for code in chain(
        range(0x01, 0x600), range(0x620, 0x6DD), range(0x900, 0x980), range(0x10A0, 0x1100),
        range(0x1C80, 0x1CC0), range(0x1D00, 0x1DF6), range(0x1E00, 0x3005), range(0x3008, 0x3021),
        range(0x3041, 0x3097), range(0x3200, 0x3500), range(0xA640, 0xA6A0), range(0xA717, 0xA7C0),
        range(0xFB00, 0xFB50), range(0xFE00, 0xFE70), range(0xFEFF, 0xFF66), range(0xFFE0, 0x10000),
        range(0x1D400, 0x1D800), range(0x1F000, 0x1FBF0), range(0x20000, 0x20010),
    )
    if unicodedata.category(chr(code)) not in {"Cn", "Cs"} and code not in {0x2C2F, 0x2C5F}  # newer than Lucene
]  # fmt: skip
PLACES = ["{}", "аб{}вг", "ab{}cd", "12{}34", "a {} б"]


class Node:
    """An index with our analysis on a real node."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self.client, self.index = client, index
        settings = {"analysis": ANALYSIS, "index.analyze.max_token_count": 1_000_000}
        client.indices.create(index=index, settings=settings)

    def words(self, analyzer: str, texts: Sequence[str]) -> list[list[str]]:
        """What the analyzer makes of each text; all are sent as lines of one."""
        lines = "\n".join(f"zq{number}zq\n{text}" for number, text in enumerate(texts))
        answer = self.client.indices.analyze(index=self.index, analyzer=analyzer, text=lines)
        found: list[list[str]] = []
        for token in answer["tokens"]:
            if token["token"] == f"zq{len(found)}zq":
                found.append([])
            else:
                found[-1].append(token["token"])
        return found


@pytest.fixture
def node(es: Engine) -> Iterator[Node]:
    with es.client() as client:
        yield Node(client, es.prefix)


def differing(node: Node, texts: Sequence[str]) -> dict[str, tuple[list[str], list[str]]]:
    """Texts of which the node makes other words than we: ours, then its own."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for start in range(0, len(texts), 10_000):
        chunk = texts[start : start + 10_000]
        for text, theirs in zip(chunk, node.words("exact", chunk), strict=True):
            ours = [token.word for token in tokens_with_offsets(text)]
            if ours != theirs:
                found[text] = (ours, theirs)
    return found


def test_every_character_means_the_same(node: Node) -> None:
    texts = [place.format(chr(code)) for code in COMPARED for place in PLACES if chr(code) != "\n"]
    assert len(texts) > 50_000
    assert differing(node, texts) == {}


def test_every_spelling_with_combining_marks_is_composed(node: Node) -> None:
    """й as и and U+0306, ậ in any order of its marks; in words, as marks alone are nothing."""
    texts: list[str] = []
    for code in chain(range(0xC0, 0x600), range(0x1E00, 0x2000)):
        letter, *marks = list(unicodedata.normalize("NFD", chr(code)))
        spelt = [letter + "".join(order) for order in permutations(marks) if marks]
        texts += [f"a{each}b" for each in spelt if unicodedata.normalize("NFC", each) == chr(code)]
    assert len(texts) > 800
    assert differing(node, texts) == {}


PIECES = [
    *(
        "а",
        "Ё",
        "и\u0306",
        "е\u0308",
        "о\u0301",
        "й",
        "z",
        "É",
        "e\u0301",
        "'s",
        "İ",
        "Σ",
        "7",
        "12",
        "½",
        "²",
        "Ж",
    ),
    *(
        ".",
        ",",
        ":",
        ";",
        "'",
        "’",
        "‘",
        "ʼ",
        "·",
        "-",
        "_",
        " ",
        "\n",
        "\u00a0",
        "\u202f",
        "/",
        "«",
        "»",
        "＇",
        "．",
    ),
    *("\u00ad", "\u200b", "\u200d", "\u2060", "\ufe0f", "\ufeff", "\u200e"),
    *(
        "😀",
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "#\ufe0f\u20e3",
        "🇷🇺",
        "👍🏽",
        "☎",
        "™",
        "京",
        "の",
        "ش",
    ),
]


def test_any_mixture_means_the_same(node: Node) -> None:
    random = Random(11)
    texts = ["".join(random.choices(PIECES, k=random.randint(2, 9))) for _ in range(8_000)]
    mine = [[token.word for token in tokens_with_offsets(text)] for text in texts]
    assert sum(map(bool, mine)) > 6_500
    assert differing(node, texts) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Угрозами ёлок зелёные надёжнейший по-московски, п'ять пʼять 1,5 млрд 19:30 Видео:Reuters «ЦИТАТА»",
        "Biden's talks, geologists at the university's evening; flies U.S. generously organizations added",
        "Это'о vetеvendosje сорporation байден's iPhone'ом Ґанок ўзнагарода παράδειγμα ria.ru",
    ],
)
def test_stems_are_the_same(node: Node, text: str) -> None:
    assert node.words("news", [text]) == [[stem(token.word) for token in tokens_with_offsets(text)]]


def test_newer_english_stems_are_told_to_the_node(node: Node) -> None:
    rules = dict(rule.split(" => ") for rule in overrides())
    assert len(rules) == len(overrides()) > 200
    assert node.words("news", list(rules)) == [[wanted] for wanted in rules.values()]


def test_the_list_of_english_words_is_needed(node: Node) -> None:
    """Without it the node would cut some of them otherwise: the list is not there for nothing."""
    analyzer = {"tokenizer": "standard", "filter": [{"type": "stemmer", "language": "porter2"}]}
    rules = dict(rule.split(" => ") for rule in overrides())
    answer = node.client.indices.analyze(**analyzer, text=list(rules))  # type: ignore[arg-type]  # plain settings
    theirs = [token["token"] for token in answer["tokens"]]
    assert sum(one != other for one, other in zip(theirs, rules.values(), strict=True)) > 100


@pytest.mark.parametrize(
    "value",
    [
        "РИА\u00a0 Новости",
        "  Всё о\tспорте ",
        "ВСЕ",
        "е\u0308лки",
        "а\u0301",
        "Don’t",
        "a:b",
        "É",
        "x\u2003y\u3000z",
        "🇷🇺 TV",
    ],
)
def test_values_fold_to_the_same(node: Node, value: str) -> None:
    answer = node.client.indices.analyze(index=node.index, normalizer="folded", text=value)
    assert [token["token"] for token in answer["tokens"]] == [fold_value(value)]


@pytest.mark.parametrize("letter", ["a", "ж", "京", "\U00010428"])
def test_an_endless_word_is_no_reason_to_refuse_an_article(node: Node, letter: str) -> None:
    """Lucene refuses a document with a term of more than 32,766 bytes."""
    node.client.indices.put_mapping(
        index=node.index, properties={"text": {"type": "text", "analyzer": "news"}}
    )
    made = node.client.index(index=node.index, document={"text": letter * 40_000})
    assert made["result"] == "created"
