# ruff: noqa: S608 - the SQL of these tests is put together from constants
"""Every fault that `check` looks for is made on purpose, and has to be found and named."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Edge
from index.sqlite.backend import SqliteBackend
from index.sqlite.documents import pack
from index.sqlite.text import tokens
from tests.make import NOON, make_article, make_run, make_source

FOREIGN = make_source("tass.ru", "ТАСС", foreign=True)
ARTICLES = sorted(
    (
        make_article(
            site=f"s{number}.ru",
            url=f"https://s{number}.ru/{number}",
            title=f"Новость {number}",
            authors=["Иван Петров"],
            section="Город",
            fingerprint=[f"{number:015x}{value:x}" for value in range(4)],
            published_at=NOON + timedelta(hours=number),
            source=FOREIGN,
        )
        for number in range(5)
    ),
    key=lambda each: each.id,
)
A, B, C, D, E = (
    ARTICLES  # A, B and C are one story, its middle B; D was rejected as a copy of A; E is revision 2
)
OLD_E = E.model_copy(
    update={"title": "Было", "content_hash": "0" * 32, "fetched_at": NOON - timedelta(hours=1)}
)


def edge(one: Article, other: Article, ok: bool) -> Edge:
    return Edge(one.id, other.id, ok, "test", one.judged_hash, other.judged_hash)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "svodka.db"


@pytest.fixture
def backend(path: Path) -> SqliteBackend:
    opened = SqliteBackend.open(path)
    opened.put([A, B, C, D, OLD_E, E])
    opened.link(
        [(each.id, each.judged_hash) for each in ARTICLES],
        [edge(A, B, True), edge(B, C, True), edge(A, D, False)],
    )
    opened.put_state("site:s1.ru", {"etag": "x"})
    return opened


def n(article: Article) -> str:
    return f"(SELECT n FROM article WHERE id = '{article.id}')"


def change(table: str, column: str, value: str, article: Article) -> str:
    key = f"id = '{article.id}'" if table == "article" else f"n = {n(article)}"
    return f"UPDATE {table} SET {column} = {value} WHERE {key}"


def test_the_sound_index_has_no_fault_and_everything_is_counted(backend: SqliteBackend) -> None:
    check = backend.check()
    assert check.faults == []
    assert check.counts.pop("text_tokens") > 50
    assert check.counts.pop("exact_tokens") > 50
    assert check.counts == {
        "articles": 5,
        "links": 5,
        "fingerprints": 20,
        "revisions": 1,
        "states": 1,
        "runs": 0,
        "edges": 3,
        "stories": 3,
        "texts": 5,
    }
    backend.close()


OTHER = "'00000000000000000000000000000000'"
ROW_FAULTS = [
    (
        change("article", "url", "'https://other.ru'", A),
        f"article {A.id}: column url holds 'https://other.ru'",
    ),
    (change("article", "site", "'other.ru'", A), f"article {A.id}: column site holds"),
    (change("article", "domain", "'other.ru'", A), f"article {A.id}: column domain holds"),
    (change("article", "first_seen", "first_seen + 1", A), f"article {A.id}: column first_seen holds"),
    (change("article", "fetched", "fetched + 0.001", A), f"article {A.id}: column fetched holds"),
    (change("article", "published", "0", A), f"article {A.id}: column published holds"),
    (change("article", "vague", "1", A), f"article {A.id}: column vague holds"),
    (change("article", "marks", "'[]'", A), f"article {A.id}: column marks holds"),
    (change("article", "content_hash", OTHER, E), f"article {E.id}: column content_hash holds"),
    (change("article", "revision", "3", A), f"article {A.id}: column revision holds"),
    (change("facet", "site", "1000", A), f"article {A.id}: column facet_site holds None"),
    (change("facet", "source", "1000", A), f"article {A.id}: column facet_source holds"),
    (change("facet", "source_domain", "1000", A), f"article {A.id}: column facet_source_domain holds"),
    (
        change("facet", "section", "(SELECT k FROM names WHERE name = 'ru')", A),
        "column facet_section holds 'ru'",
    ),
    (change("facet", "lang", "1000", A), f"article {A.id}: column facet_lang holds"),
    (change("facet", "published", "published + 1", A), f"article {A.id}: column facet_published holds"),
    (f"DELETE FROM facet WHERE n = {n(D)}", f"article {D.id}: no facet row"),
    (f"DELETE FROM body WHERE n = {n(D)}", f"article {D.id}: no document stored"),
    (
        change("body", "z", "x'00'", A),
        f"article {A.id}: the stored document cannot be read: not deflated data",
    ),
    (f"DELETE FROM article WHERE id = '{D.id}'", "body: row 4 belongs to no article"),
    ("INSERT INTO body VALUES (77, x'00')", "body: row 77 belongs to no article"),
    ("INSERT INTO facet VALUES (77, 1, 1, 1, 1, 1, 1, 1)", "facet: row 77 belongs to no article"),
    ("INSERT INTO revision VALUES (77, 1, x'00')", "revision: row 77 belongs to no article"),
    (f"INSERT INTO link VALUES ({OTHER}, 77)", "link: row 77 belongs to no article"),
    ("INSERT INTO fingerprint VALUES (1, 77)", "fingerprint: row 77 belongs to no article"),
]
KEY_FAULTS = [
    (f"DELETE FROM link WHERE id = '{A.id}'", f"article {A.id}: link {A.id} does not lead to it"),
    (f"UPDATE link SET n = {n(B)} WHERE id = '{A.id}'", f"article {A.id}: link {A.id} does not lead to it"),
    (
        f"INSERT INTO link VALUES ({OTHER}, {n(A)})",
        f"article {A.id}: link {'0' * 32} leads to it, but its document does not name it",
    ),
    (
        f"DELETE FROM fingerprint WHERE n = {n(A)} AND h % 2 = 0",
        f"article {A.id}: fingerprint lacks 2 of its values",
    ),
    (
        f"INSERT INTO fingerprint VALUES (99, {n(A)})",
        f"article {A.id}: fingerprint lacks 0 of its values and has 1",
    ),
    ("DELETE FROM revision", f"article {E.id}: earlier revisions are [], the document is revision 2"),
    ("UPDATE revision SET z = x'00'", f"article {E.id}: revision 1 cannot be read"),
    ("UPDATE revision SET revision = 2", f"article {E.id}: earlier revisions are [2]"),
    (
        f"INSERT INTO revision SELECT n, 1, z FROM body WHERE n = {n(A)}",
        f"article {A.id}: earlier revisions are [1], the document is revision 1",
    ),
    (
        f"UPDATE revision SET z = (SELECT z FROM body WHERE n = {n(A)})",
        f"article {E.id}: revision 1 holds revision 1 of article {A.id}",
    ),
    ("UPDATE state SET value = '[1]'", "state 'site:s1.ru': not a JSON object"),
    ("UPDATE state SET value = '{'", "state 'site:s1.ru': not a JSON object"),
]
STORY_FAULTS = [
    (
        change("article", "story", f"'{C.id}'", C),
        f"article {B.id}: accepted as a copy of article {C.id}, which is in",
    ),
    (
        change("article", "story", f"'{A.id}'", D),
        f"article {D.id}: story_id is '{A.id}', by the judged pairs",
    ),
    (change("article", "story", f"'{B.id}'", D), f"article {D.id}: story_id is '{B.id}'"),
    (change("article", "copies", "9", D), f"article {D.id}: copies is 9, by the judged pairs it is 0"),
    (change("article", "outlets", "'[]'", D), f"article {D.id}: outlets is ()"),
    (
        change("article", "first_copy", "1", D),
        f"article {D.id}: first_copy_at is datetime.datetime(1970, 1, 1, 0, 0, 1",
    ),
    ("UPDATE article SET first_copy = NULL", ": first_copy_at is None, by the judged pairs it is datetime"),
    ("UPDATE article SET last_copy = last_copy + 1", ": last_copy_at is datetime"),
    (
        change("facet", "canonical", "0", D),
        f"article {D.id}: role is 'copy', by the judged pairs it is 'canonical'",
    ),
    ("UPDATE facet SET canonical = 1", ": role is 'canonical', by the judged pairs it is 'copy'"),
    ("UPDATE facet SET canonical = 0", ": role is 'copy', by the judged pairs it is 'canonical'"),
    (f"DELETE FROM edge WHERE b = '{C.id}'", f"article {C.id}: story_id is '{A.id}'"),
    (f"UPDATE edge SET ok = 0 WHERE a = '{A.id}'", f"article {B.id}: story_id is '{A.id}'"),
    (f"UPDATE edge SET ok = 1 WHERE b = '{D.id}'", f"article {A.id}: accepted as a copy of article {D.id}"),
    (
        f"UPDATE edge SET hash_b = {OTHER} WHERE ok = 0",
        f"edge {A.id}, {D.id}: judged on other facts than are stored",
    ),
    (
        f"UPDATE edge SET hash_a = {OTHER} WHERE ok = 0",
        f"edge {A.id}, {D.id}: judged on other facts than are stored",
    ),
    (f"UPDATE edge SET b = 'f' WHERE b = '{D.id}'", f"edge {A.id}, f: article f is not stored"),
    (
        f"UPDATE edge SET a = b, b = a WHERE b = '{D.id}'",
        f"edge {D.id}, {A.id}: the smaller id has to come first",
    ),
]
TOKENS = tokens(A)


def columns(entry: tuple[str, str, str]) -> str:
    return ", ".join(f"'{column}'" for column in entry)


TEXT_FAULTS = [
    (
        f"INSERT INTO text(text, rowid, title, author, body) VALUES ('delete', {n(A)}, {columns(TOKENS.text)})",
        f"article {A.id}: the text index (text) lacks a word of its",
    ),
    (
        f"INSERT INTO exact(exact, rowid, title, author, body) VALUES ('delete', {n(A)}, {columns(TOKENS.exact)})",
        f"article {A.id}: the text index (exact) lacks a word of its",
    ),
    (
        f"INSERT INTO text(rowid, title, author, body) VALUES ({n(A)}, 'лишн', '', '')",
        f"article {A.id}: the text index (text) has a word that is not in its title: 'лишн'",
    ),
    (
        f"INSERT INTO exact(rowid, title, author, body) VALUES ({n(A)}, '', '', 'лишнее')",
        f"article {A.id}: the text index (exact) has a word that is not in its body: 'лишнее'",
    ),
    (
        "INSERT INTO text(rowid, title) VALUES (77, 'лишн')",
        "row 77, no article's: the text index (text) has a word",
    ),
    (
        "INSERT INTO exact(rowid, title) VALUES (77, '')",
        "row 77, no article's: the text index (exact) counts its words",
    ),
    (
        "INSERT INTO text(text) VALUES ('delete-all')",
        f"article {E.id}: the text index (text) lacks a word of its",
    ),
    (
        f"UPDATE text_docsize SET sz = x'000000' WHERE id = {n(A)}",
        f"article {A.id}: the text index (text) counts its words wrongly",
    ),
    (
        f"DELETE FROM exact_docsize WHERE id = {n(A)}",
        f"article {A.id}: the text index (exact) counts its words wrongly",
    ),
    (
        "UPDATE text_data SET block = x'0501010101' WHERE id = 1",
        "the text index (text) counts the words of all articles wrongly",
    ),
    ("DELETE FROM text_data WHERE id > 100", "text"),
    ("UPDATE exact_data SET block = x'00' WHERE id > 100", "text"),
]


@pytest.mark.parametrize(("damage", "fault"), [*ROW_FAULTS, *KEY_FAULTS, *STORY_FAULTS, *TEXT_FAULTS])
def test_damage_is_found_and_named(path: Path, backend: SqliteBackend, damage: str, fault: str) -> None:
    backend.connection.execute(damage)
    backend.close()
    _assert_found(path, fault)


def rewrite(change: Callable[[Article], Article]) -> Callable[[sqlite3.Connection], None]:
    """Put a changed document in the place of A's, rows as they were."""

    def damage(connection: sqlite3.Connection) -> None:
        connection.execute(f"UPDATE body SET z = ? WHERE n = {n(A)}", (pack(change(A)),))

    return damage


def unknown_field(connection: sqlite3.Connection) -> None:
    document = json.loads(A.model_dump_json()) | {"colour": "red"}
    connection.execute(
        f"UPDATE body SET z = ? WHERE n = {n(A)}", (zlib.compress(json.dumps(document).encode()),)
    )


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (unknown_field, "cannot be read: colour: Extra inputs are not permitted"),
        (
            rewrite(lambda a: a.model_copy(update={"body": "Подменено."})),
            "(text) has a word that is not in its body",
        ),
        (
            rewrite(lambda a: a.model_copy(update={"id": "f" * 32})),
            f"holds '{A.id}', the document says 'ffff",
        ),
        (
            rewrite(lambda a: a.model_copy(update={"word_count": -1})),
            "cannot be read: word_count: Input should be",
        ),
        (
            rewrite(lambda a: a.model_copy(update={"link_ids": ["e" * 32]})),
            f"link {'e' * 32} does not lead to it",
        ),
        (
            rewrite(lambda a: a.model_copy(update={"fingerprint": []})),
            "fingerprint lacks 0 of its values and has 4",
        ),
    ],
    ids=["field", "text", "id", "range", "links", "fingerprint"],
)
def test_a_damaged_document_is_found(
    path: Path, backend: SqliteBackend, damage: Callable[[sqlite3.Connection], None], fault: str
) -> None:
    damage(backend.connection)
    backend.close()
    _assert_found(path, fault, f"article {A.id}: ")


def test_an_index_at_odds_with_its_table_is_found(path: Path, backend: SqliteBackend) -> None:
    """A row is changed while SQLite does not know of the index, as if the entry had been lost."""
    backend.close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        row = raw.execute("SELECT * FROM sqlite_schema WHERE name = 'article_young'").fetchone()
        raw.execute("PRAGMA writable_schema = 1")
        raw.execute("DELETE FROM sqlite_schema WHERE name = 'article_young'")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE article SET first_seen = 0")
        raw.execute("PRAGMA writable_schema = 1")
        raw.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
    _assert_found(path, "file: row 1 missing from index article_young")


def test_overwritten_pages_are_reported_and_not_raised(path: Path, backend: SqliteBackend) -> None:
    """Pages of the text index turn to rubbish: what can still be checked is, the rest is one line."""
    pages = (
        [
            page
            for (page,) in backend.connection.execute(
                "SELECT pageno FROM dbstat WHERE name = 'text_data' AND pagetype = 'leaf'"
            )
        ]
        if _has_dbstat(backend.connection)
        else []
    )
    backend.close()
    if not pages:
        pytest.skip("this SQLite does not tell which page holds what")
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)
    _assert_found(path, "text: the file cannot be read further: database disk image is malformed")


def _has_dbstat(connection: sqlite3.Connection) -> bool:
    return ("ENABLE_DBSTAT_VTAB",) in connection.execute("PRAGMA compile_options").fetchall()


def test_runs_of_other_versions_are_sound_and_damaged_ones_are_told(backend: SqliteBackend) -> None:
    run = make_run(site="s1.ru")
    backend.put_run(run)
    source = json.loads(run.model_dump_json())
    for document in (source | {"weather": "fair"}, source | {"outcomes": {"indexed": 1}}):
        _replace_run(backend, json.dumps(document))
        assert backend.check().faults == []
    for damaged, fault in (
        ("{", "no JSON object: Expecting property name"),
        ("[1]", "no JSON object: it is [1]"),
        (json.dumps(source | {"found": -1}), "cannot be read: found: Input should be"),
        (json.dumps(source | {"site": "s2.ru"}), "the document is of run"),
    ):
        _replace_run(backend, damaged)
        (told,) = backend.check().faults
        assert told.startswith(f"run {run.id}: ")
        assert fault in told


def _replace_run(backend: SqliteBackend, document: str) -> None:
    with backend.connection:
        backend.connection.execute("UPDATE run SET document = ?", [document])


def test_the_check_tidies_up_and_can_run_again(backend: SqliteBackend) -> None:
    assert backend.check().faults == []
    assert backend.connection.execute("SELECT count(*) FROM temp.sqlite_schema").fetchone() == (0,)
    assert not backend.connection.in_transaction
    assert backend.check().faults == []
    assert backend.put([make_article(url="https://example.org/new")]) == ["indexed"]
    assert backend.check().faults == []
    backend.close()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put(
            [make_article(url=f"https://example.org/{number}", body="слово") for number in range(1001)]
        )
        backend.check(lambda part, rows: told.append((part, rows)))
    assert ("articles", 1000) in told
    assert ("stories", 1000) in told
    assert ("texts", 1000) in told


def _assert_found(path: Path, fault: str, start: str = "") -> None:
    with SqliteBackend.open(path, create=False) as reopened:
        faults = reopened.check().faults
    assert [line for line in faults if fault in line and line.startswith(start)], "\n".join(faults)
    assert not [line for line in faults if "\n" in line]
