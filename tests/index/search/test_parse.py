from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.parse import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, MAX_WINDOW, parse
from index.search.query import And, Filter, Node, Not, Or, Period, Phrase, Query, QueryError, Word

NOW = datetime(2026, 1, 18, 12, 30, 15, 250_000, tzinfo=UTC)
A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")
RIA, TASS = Filter("site", "ria.ru"), Filter("site", "tass.ru")


def parts(text: str) -> tuple[Node, ...]:
    return parse(text, now=NOW).root.parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("   \n", ()),
        ("a b", (A, B)),
        ("a AND b И c", (A, B, C)),
        ("Угроза Байдена", (Word("Угроза"), Word("Байдена"))),
        ("a OR b", (Or((A, B)),)),
        ("a ИЛИ b OR c", (Or((A, B, C)),)),
        ("a b OR c d", (A, Or((B, C)), D)),
        ("a AND b OR c AND d", (A, Or((B, C)), D)),
        ("(a b) OR c", (Or((And((A, B)), C)),)),
        ("(a OR b) (c)", (Or((A, B)), C)),
        ("((a))", (A,)),
        ("-a b", (Not(A), B)),
        ("NOT a НЕ b", (Not(A), Not(B))),
        ("NOT NOT a", (Not(Not(A)),)),
        ("a OR -b", (Or((A, Not(B))),)),
        ("-(a b)", (Not(And((A, B))),)),
        ("(-a)", (Not(A),)),
        ("a - b -- c — d", (A, B, C, D)),
        ("--a", (A,)),
        ("и или не or and not", tuple(map(Word, ("и", "или", "не", "or", "and", "not")))),
        ("И снова a", (Word("И"), Word("снова"), A)),
        ("(И a)", (And((Word("И"), A)),)),
    ],
)
def test_operators(text: str, expected: tuple[Node, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a b"', (Phrase(("a", "b")),)),
        ("«a b»", (Phrase(("a", "b")),)),
        ("“a b”", (Phrase(("a", "b")),)),
        ("„a b“", (Phrase(("a", "b")),)),
        ("„a b”", (Phrase(("a", "b")),)),
        ('"компания «a» b"', (Phrase(("компания", "a", "b")),)),
        ('"a"', (A,)),
        ('-"a b"', (Not(Phrase(("a", "b"))),)),
        ('"a OR b"', (Phrase(("a", "OR", "b")),)),
        ('"site:ria.ru"', (Phrase(("site", "ria.ru")),)),
        ('"a" OR "b"', (Or((A, B)),)),
        ("вице-премьер", (Phrase(("вице", "премьер")),)),
        ("AT&T", (Phrase(("AT", "T")),)),
        ("http://ria.ru/20220118", (Phrase(("http", "ria.ru", "20220118")),)),
        ("в 10:30", (Word("в"), Phrase(("10", "30")))),
        ("Путин: a", (Word("Путин"), A)),
        ("(Путин:)", (Word("Путин"),)),
        ("don’t", (Word("don’t"),)),
        ("a, b! (c?)", (A, B, C)),
    ],
)
def test_words_and_phrases(text: str, expected: tuple[Node, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("угроз*", (Word("угроз", prefix=True),)),
        ("Meta*, a", (Word("Meta", prefix=True), A)),
        ("ria.*", None),
        ("-угроз*", (Not(Word("угроз", prefix=True)),)),
        ("title:угроз*", (Word("угроз", "title", prefix=True),)),
        ("author:Ив* a", (Word("Ив", "author", prefix=True), A)),
        ("20*", (Word("20", prefix=True),)),
    ],
)
def test_prefixes(text: str, expected: tuple[Node, ...] | None) -> None:
    if expected is None:
        with pytest.raises(QueryError, match="right after a single word"):
            parse(text)
    else:
        assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:a", (Word("a", "title"),)),
        ('title:"a b"', (Phrase(("a", "b"), "title"),)),
        ("author:«Иван Петров»", (Phrase(("Иван", "Петров"), "author"),)),
        ("title:вице-премьер", (Phrase(("вице", "премьер"), "title"),)),
        ("title:(a OR b) c", (Or((Word("a", "title"), Word("b", "title"))), C)),
        ("title:(a -b)", (And((Word("a", "title"), Not(Word("b", "title")))),)),
        ("site:ria.ru", (RIA,)),
        ("SITE:ria.ru", (RIA,)),
        ("-site:ria.ru", (Not(RIA),)),
        ("NOT site:ria.ru", (Not(RIA),)),
        ("site:(ria.ru OR tass.ru)", (Or((RIA, TASS)),)),
        ("site:-ria.ru", (Filter("site", "-ria.ru"),)),
        ("a OR site:ria.ru", (Or((A, RIA)),)),
        ('source:"РИА Новости"', (Filter("source", "РИА Новости"),)),
        ("source:«РИА Новости»", (Filter("source", "РИА Новости"),)),
        ("source:ria.ru", (Filter("source", "ria.ru"),)),
        ("section:OR", (Filter("section", "OR"),)),
        ("section:a:b", (Filter("section", "a:b"),)),
        ("lang:RU", (Filter("lang", "ru"),)),
        ("role:Copy", (Filter("role", "copy"),)),
        ("story:" + "0A" * 16, (Filter("story", "0a" * 16),)),
    ],
)
def test_fields(text: str, expected: tuple[Node, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2022-01-18", datetime(2022, 1, 18, tzinfo=UTC)),
        ("2022-1-8", datetime(2022, 1, 8, tzinfo=UTC)),
        ("2022-01", datetime(2022, 1, 1, tzinfo=UTC)),
        ("2022", datetime(2022, 1, 1, tzinfo=UTC)),
        ("18.01.2022", datetime(2022, 1, 18, tzinfo=UTC)),
        ("2022-01-18T12:05", datetime(2022, 1, 18, 12, 5, tzinfo=UTC)),
        ("2022-01-18t12:05:30z", datetime(2022, 1, 18, 12, 5, 30, tzinfo=UTC)),
        ("2022-01-18T12:05:30.5+03:00", datetime(2022, 1, 18, 9, 5, 30, tzinfo=UTC)),
        ('"2022-01-18 12:05"', datetime(2022, 1, 18, 12, 5, tzinfo=UTC)),
        ("24h", datetime(2026, 1, 17, 12, 30, 15, tzinfo=UTC)),
        ("7D", datetime(2026, 1, 11, 12, 30, 15, tzinfo=UTC)),
        ("2w", datetime(2026, 1, 4, 12, 30, 15, tzinfo=UTC)),
    ],
)
def test_dates(date: str, expected: datetime) -> None:
    assert parts(f"after:{date} before:{date}") == (Period("after", expected), Period("before", expected))


def test_dates_without_a_zone_are_read_in_the_given_one() -> None:
    query = parse("after:2022-01-18 before:2022-01-18T12:00Z", zone=ZoneInfo("Europe/Moscow"))
    assert query.root.parts == (
        Period("after", datetime(2022, 1, 17, 21, tzinfo=UTC)),
        Period("before", datetime(2022, 1, 18, 12, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ('a "b', 2, "never closed"),
        ("«a", 0, "put » after"),
        ("a»", 1, "» closes nothing"),
        ('""', 0, "no letters or digits between"),
        ('a "…"', 2, "no letters or digits between"),
        ("(a", 0, "( is never closed"),
        ("(a (b)", 0, "( is never closed"),
        ("a)", 1, ") closes nothing"),
        ("a ()", 2, "nothing to look for between"),
        ("OR a", 0, "OR needs something before"),
        ("a ИЛИ", 2, "ИЛИ needs something after"),
        ("a OR OR b", 2, "OR needs something after"),
        ("(a OR) b", 3, "OR needs something after"),
        ("AND a", 0, "AND needs something before"),
        ("a AND", 2, "AND needs something after"),
        ("a NOT", 2, "NOT needs something to exclude"),
        ("a OR —", 5, "— has no letters or digits"),
        ("-…", 1, "… has no letters or digits"),
        ("— ?!", 0, "nothing to look for"),
        ("a 🙂", 2, "🙂 has no letters or digits"),
        ("*", 0, "* stands at the end of a word"),
        ("a *", 2, "* stands at the end of a word"),
        ("*a", 0, "* stands at the end of a word"),
        ("a*b", 0, "* stands at the end of a word"),
        ("ab**", 0, "* stands at the end of a word"),
        ("у*", 0, "at least two letters"),
        ("вице-прем*", 0, "right after a single word"),
        ('"угроз* a"', 6, "does not work inside quotes"),
        ("a sourse:ria.ru", 2, "did you mean source:?"),
        ("-titel:a", 1, "did you mean title:?"),
        ("сайт:ria.ru", 0, "did you mean site:?"),
        ("xyzzy:a", 0, "there are title:, author:"),
        ("site:", 0, "site: has no value"),
        ("a site: ria.ru", 2, "site: has no value"),
        ("(site:)", 1, "site: has no value"),
        ('site:""', 5, "site: has no value"),
        ("title:—", 6, "— has no letters or digits"),
        ("site:ria*", 5, "takes whole values"),
        ("site:(lang:ru)", 6, "cannot stand inside site:( )"),
        ("lang:russian", 5, "code of two or three letters"),
        ("role:original", 5, "role:canonical or role:copy"),
        ("story:123", 6, "32 hexadecimal digits"),
        ("after:2022-13", 6, "month must be in 1..12"),
        ("before:30.02.2022", 7, "is no date"),
        ("after:вчера", 6, "write 2022-01-18"),
        ("after:0000", 6, "is no date"),
        ("after:999999w", 6, "outside the years"),
        ("after:9999-12-31T23:59-12:00", 6, "outside the years"),
        ("a " * 501, MAX_CHARACTERS, "longer than 1,000 characters"),
        ("a " * (MAX_TERMS + 1), 2 * MAX_TERMS, "more than 64 terms"),
        ("(" * 500, MAX_DEPTH, "nested deeper"),
        ("NOT " * 200 + "a", 4 * (MAX_DEPTH + 1), "nested deeper"),
        ("a \udcd0", 2, "not valid UTF-8"),
    ],
)
def test_errors_say_what_where_and_how_to_mend_it(text: str, position: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, now=NOW)
    assert message in caught.value.message
    assert caught.value.position == position
    caret = str(caught.value).splitlines()[-1]
    assert caret.strip() == "^"
    str(caught.value).encode()


def test_the_caret_stands_under_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        parse("слово " * 60 + "site: " + "слово " * 60)
    _, shown, caret = str(caught.value).splitlines()
    assert len(shown) <= 110
    assert shown[caret.index("^") :].startswith("site:")


def test_relative_dates_need_the_time() -> None:
    with pytest.raises(QueryError, match="counts back from now"):
        parse("after:24h")


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (10, -1), (10, MAX_WINDOW - 9)])
def test_pages_out_of_range_are_refused(limit: int, offset: int) -> None:
    with pytest.raises(QueryError, match="hits can be listed"):
        parse("a", limit=limit, offset=offset)


def test_options_are_kept() -> None:
    query = parse(" a\tb ", copies=True, sort="date", limit=5, offset=15)
    assert query == Query("a b", And((A, B)), copies=True, sort="date", limit=5, offset=15)


PIECES = [
    "a",
    "Ёж",
    "(",
    ")",
    '"',
    "«",
    "»",
    "“",
    "„",
    "-",
    "*",
    ":",
    "OR",
    "ИЛИ",
    "И",
    "НЕ",
    "NOT",
    "site:",
    "title:",
]
PIECES += [
    "after:",
    "before:",
    "2022",
    "-13",
    "24h",
    "role:",
    "copy",
    " ",
    " ",
    " ",
    "\n",
    "🙂",
    "\x00",
    "\udcff",
    "'",
    ".",
]


def outcome(text: str) -> Query | QueryError:
    try:
        return parse(text, now=NOW)
    except QueryError as error:
        return error


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    found = outcome(text)
    if isinstance(found, QueryError):
        assert 0 <= found.position <= len(found.text) == len(text)
        assert str(found)
    else:
        assert all(word.strip() for word in _words(found.root))


@given(st.text(alphabet="0123456789.-:TZhdw+ ", max_size=30))
def test_any_date_is_read_or_refused(text: str) -> None:
    found = outcome(f'after:"{text}"')
    if isinstance(found, QueryError):
        assert found.position == len("after:")
    else:
        period = found.root.parts[0]
        assert isinstance(period, Period)
        assert period.moment.utcoffset() == timedelta(0)


def _words(node: Node) -> list[str]:
    if isinstance(node, And | Or):
        return [word for part in node.parts for word in _words(part)]
    if isinstance(node, Not):
        return _words(node.part)
    if isinstance(node, Word):
        return [node.text]
    return list(node.words) if isinstance(node, Phrase) else []
