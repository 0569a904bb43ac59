"""The saved queries: examples from which one learns how to ask, in Russian and in English."""

from __future__ import annotations

from dataclasses import dataclass

from index.kibana.envelope import Naming, SavedObject, kql, saved_object


@dataclass(frozen=True, slots=True)
class Example:
    """A query with a title that says what it teaches."""

    name: str
    title: str
    description: str
    query: str


EXAMPLES = (
    Example(
        "query-ru-and", "Все слова: слова через and",
        "Без and слова значат «любое из них». С and в статье есть каждое, в любой форме и где угодно.",
        "мост and ремонт",
    ),
    Example(
        "query-ru-or", "Любое слово: слова без and",
        "Слова подряд без and: статья, где есть хотя бы одно из них.",
        "электробус трамвай",
    ),
    Example(
        "query-ru-phrase", "Точная фраза: в кавычках",
        "Слова в кавычках стоят рядом и в этом порядке; формы слов могут быть другими.",
        '"ледяной дождь"',
    ),
    Example(
        "query-ru-title", "Только в заголовке: title и скобки",
        "Скобки относят title к обоим словам; без скобок второе искалось бы везде.",
        "title: (порт and судно)",
    ),
    Example(
        "query-ru-not", "Без слова: and not",
        "Есть фраза или слово, но нет другого слова.",
        '"мост" and not паром',
    ),
    Example(
        "query-en-and", "Every word: join words with and",
        "Words without and mean any of them. With and an article has each, in any form, anywhere.",
        "night and train",
    ),
    Example(
        "query-en-or", "Any word: words side by side",
        "Words side by side, without and: an article that has at least one of them.",
        "tram bakery",
    ),
    Example(
        "query-en-phrase", "Exact phrase: in quotes",
        "Words in quotes stand side by side in this order; their endings may differ.",
        '"night train"',
    ),
    Example(
        "query-en-title", "In the headline only: title and brackets",
        "Brackets give both words to title; without them the second would be looked for everywhere.",
        "title: (paper and mill)",
    ),
    Example(
        "query-en-not", "Without a word: and not",
        "A word, but not another one.",
        "harbour and not tram",
    ),
    Example(
        "query-reprinted", "Stories with two copies or more",
        "Originals, most of them agency texts, that at least two other pages reprinted.",
        "copies >= 2",
    ),
    Example(
        "query-copies", "Copies only (on the view with every copy)",
        "What others reprinted; the view with each story once has none of them.",
        "role: copy",
    ),
)  # fmt: skip


def saved_queries(naming: Naming) -> list[SavedObject]:
    """The examples as saved queries, which Discover and dashboards offer beside the query bar."""
    return [
        saved_object(
            "query",
            naming.id(example.name),
            {
                "title": naming.title(example.title),
                "description": example.description,
                "query": kql(example.query),
                "filters": [],
            },
        )
        for example in EXAMPLES
    ]
