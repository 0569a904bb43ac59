from __future__ import annotations

import resource
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import IndexWriteError
from index.outbox.letters import LEASE, LIMIT_BYTES, Room, Verdicts
from index.outbox.store import Outbox
from tests.make import NOON, digest, make_article

NOW = 1_790_000_000.0


def text(number: int, version: int = 1, **changes: object) -> Article:
    """Version by version of the article with a number."""
    fetched = NOON + timedelta(minutes=version)
    return make_article(
        url=f"https://example.org/{number}", body=f"Текст {version}.", fetched_at=fetched, **changes
    )


def gone(*seqs: int) -> Verdicts:
    return Verdicts(set(seqs), {}, {})


def test_what_is_added_can_be_claimed_once_oldest_first(outbox: Outbox) -> None:
    articles = [text(number) for number in range(3)]
    seqs = outbox.letters.add(articles, NOW)
    letters = outbox.letters.claim("one", NOW)
    assert [letter.seq for letter in letters] == seqs
    assert [letter.article() for letter in letters] == articles
    assert outbox.letters.claim("two", NOW) == []
    outbox.letters.release("one")
    assert len(outbox.letters.claim("two", NOW)) == 3


def test_a_claim_lapses_with_its_owner(outbox: Outbox) -> None:
    outbox.letters.add([text(1)], NOW, owner="killed")
    assert outbox.letters.claim("two", NOW + LEASE - 1) == []
    assert len(outbox.letters.claim("two", NOW + LEASE)) == 1


def test_a_clock_that_was_set_back_holds_nothing_up(outbox: Outbox) -> None:
    outbox.letters.add([text(1)], NOW + 86_400, owner="killed")
    outbox.letters.settle(Verdicts(set(), {}, {1: ("429", NOW + 90_000)}), NOW)
    assert len(outbox.letters.claim("two", NOW)) == 1


def test_texts_of_one_article_leave_one_after_the_other(outbox: Outbox) -> None:
    one, two, other = outbox.letters.add([text(1, 1), text(1, 2), text(2)], NOW)
    assert [letter.seq for letter in outbox.letters.claim("a", NOW)] == [one, other]
    assert outbox.letters.claim("b", NOW) == []
    outbox.letters.settle(gone(one), NOW)
    assert [letter.seq for letter in outbox.letters.claim("b", NOW)] == [two]


def test_a_text_that_is_put_off_holds_back_the_later_ones(outbox: Outbox) -> None:
    one, two = outbox.letters.add([text(1, 1), text(1, 2)], NOW)
    outbox.letters.claim("a", NOW)
    outbox.letters.settle(Verdicts(set(), {}, {one: ("429", NOW + 30)}), NOW)
    assert outbox.letters.claim("a", NOW + 29) == []
    assert outbox.letters.reason() == "429"
    (letter,) = outbox.letters.claim("a", NOW + 30)
    assert (letter.seq, letter.attempts) == (one, 1)
    outbox.letters.settle(gone(one), NOW)
    assert [letter.seq for letter in outbox.letters.claim("a", NOW)] == [two]


def test_a_claim_is_bounded_by_rows_and_bytes_but_never_empty(outbox: Outbox) -> None:
    outbox.letters.add([text(number, lead="слово " * 1000) for number in range(5)], NOW)
    assert len(outbox.letters.claim("a", NOW, room=Room(rows=2))) == 2
    assert len(outbox.letters.claim("b", NOW, room=Room(bytes=1))) == 1
    assert len(outbox.letters.claim("c", NOW, room=Room(bytes=40_000))) == 2


def test_only_some_articles_can_be_claimed(outbox: Outbox) -> None:
    outbox.letters.add([text(1), text(2)], NOW)
    (letter,) = outbox.letters.claim("a", NOW, ids=[text(2).id, text(3).id])
    assert letter.article_id == text(2).id


def test_a_refused_article_is_kept_with_its_reason_once_a_text(outbox: Outbox) -> None:
    for _ in range(2):
        (seq,) = outbox.letters.add([text(1)], NOW)
        outbox.letters.settle(Verdicts(set(), {seq: "too long"}, {}), NOW)
    (other,) = outbox.letters.add([text(1, 2)], NOW)
    outbox.letters.settle(Verdicts(set(), {other: "too deep"}, {}), NOW + 1)
    assert outbox.letters.count() == 0
    assert outbox.letters.known([text(1).id]) == {}
    assert outbox.dead.count() == 2
    assert outbox.dead.reason(text(1).id, text(1).content_hash) == "too long"
    assert outbox.dead.reason(text(1).id, text(1, 2).content_hash) == "too deep"
    assert outbox.dead.reason(text(1).id, text(1, 3).content_hash) == ""
    assert outbox.dead.reasons() == [("too deep", 1), ("too long", 1)]
    newest = outbox.dead.all()[0]
    assert (newest.article_id, newest.url, newest.attempts) == (text(1).id, "https://example.org/1", 1)


def test_dead_letters_go_back_to_their_places(outbox: Outbox) -> None:
    one, _two = outbox.letters.add([text(1, 1), text(1, 2)], NOW)
    outbox.letters.settle(Verdicts(set(), {one: "too long"}, {}), NOW)
    assert outbox.dead.revive() == 1
    assert outbox.dead.count() == 0
    assert [letter.seq for letter in outbox.letters.claim("a", NOW)] == [one]
    assert set(outbox.letters.known([text(1).id])) == {text(1).id}
    assert outbox.dead.revive() == 0


def test_a_dead_letter_that_cannot_be_read_stays(outbox: Outbox) -> None:
    seqs = outbox.letters.add([text(1), text(2)], NOW)
    outbox.letters.settle(Verdicts(set(), dict.fromkeys(seqs, "x"), {}), NOW)
    with outbox.file.write() as connection:
        connection.execute("UPDATE dead SET z = x'00' WHERE seq = ?", (seqs[0],))
    assert outbox.dead.revive() == 1
    assert outbox.dead.count() == 1


def test_what_waits_is_known_by_each_hash_that_leads_to_it(outbox: Outbox) -> None:
    article = text(1, link_ids=[digest("a"), digest("b")])
    outbox.letters.add([article, text(1, 2)], NOW)
    found = outbox.letters.known([digest("a"), article.id, digest("c")])
    assert {id: len(texts) for id, texts in found.items()} == {digest("a"): 1, article.id: 2}
    assert found[article.id][1].fetched_at == NOON + timedelta(minutes=2)
    assert [known.id for known in outbox.letters.young("example.org", NOON.timestamp())] == [article.id] * 2
    assert outbox.letters.young("example.org", NOON.timestamp() + 1) == []
    assert outbox.letters.young("other.org", 0) == []
    assert outbox.letters.among([article.id, digest("c")]) == {article.id}
    assert outbox.letters.texts(article.id) == [article, text(1, 2)]


def test_a_full_outbox_refuses_more_and_says_what_to_do(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "x.db", limit_bytes=200_000)
    assert Outbox(tmp_path / "y.db").letters.limit_bytes == LIMIT_BYTES
    while outbox.letters.used_bytes() < 200_000:
        outbox.letters.add([text(outbox.letters.count())], NOW)
    with pytest.raises(IndexWriteError, match="SVODKA_OUTBOX_LIMIT_MB"):
        outbox.letters.add([text(9999)], NOW)
    assert 20 < outbox.letters.count() < 300
    letters = outbox.letters.claim("a", NOW, room=Room(rows=300))
    outbox.letters.settle(gone(*(letter.seq for letter in letters)), NOW)
    outbox.letters.add([text(9999)], NOW)
    outbox.close()
    assert outbox.path.stat().st_size >= 200_000
    assert outbox.letters.count() == 1
    outbox.file.shrink()
    outbox.close()
    assert outbox.path.stat().st_size < 120_000


def test_an_article_that_cannot_be_written_down_takes_nothing_in(outbox: Outbox) -> None:
    bad = text(2).model_copy(update={"title": "half a pair \ud83d"})
    with pytest.raises(ValueError, match="surrogate"):
        outbox.letters.add([text(1), bad], NOW)
    assert outbox.letters.count() == 0


def test_a_full_disk_is_a_write_error_and_loses_nothing_that_was_in(tmp_path: Path) -> None:
    """A process of its own, which may write no file beyond a size, as on a full disk."""
    program = (
        "import sys; from pathlib import Path\n"
        "from index.backend import IndexWriteError; from index.outbox.store import Outbox\n"
        "from tests.index.outbox.test_letters import text\n"
        "outbox, added = Outbox(Path(sys.argv[1])), 0\n"
        "try:\n"
        "    while added < 5000: outbox.letters.add([text(added)], 1.0); added += 1\n"
        "except IndexWriteError as error: print(added, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, f"{tmp_path}/x.db"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
    )
    added, message = done.stdout.split(" ", 1)
    assert message.startswith(f"outbox {tmp_path}/x.db: the disk"), done.stderr
    outbox = Outbox(tmp_path / "x.db")
    assert outbox.letters.count() == int(added) > 0
    outbox.close()
