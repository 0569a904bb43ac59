"""`svodka explain` as a user runs it."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from index.article import Article
from index.stories.linker import link_pending
from tests.desk import Desk, feed
from tests.desk import article as page
from tests.index.stories.counted_words import article, words
from tests.make import digest, make_article

HOSTILE = "Мост\x1b]0;взлом\x07 открыт\u202e [bold]\x9b2J"


def stored(desk: Desk, *articles: Article) -> None:
    with closing(desk.open()) as index:
        index.put(articles)
        link_pending(index)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two sites, one of which reprints the other, after a crawl that met a page of each kind."""
    desk = Desk(tmp_path_factory.mktemp("newsroom"))
    desk.site(articles={"min_words": 8, "id": r"/(\d+)-", "allow": [r"/\d+-"], "deny": ["/video"]})
    desk.site("b.example")
    head = "<link rel='canonical' href='http://a.example/1-most'>"
    source = "<p>Источник: http://a.example/1-most</p>"
    desk.web = {
        "http://a.example/rss": feed("/1-most?utm_source=rss", "/2-gone", "/3-short"),
        "http://a.example/1-most": page(head=head),
        "http://a.example/1-most?utm_source=rss": page(head=head),
        "http://a.example/3-short": page("Молния", "Коротко."),
        "http://b.example/rss": feed("/x", host="b.example"),
        "http://b.example/x": page("Мост заработал").replace("</article>", f"{source}</article>"),
    }
    assert desk.crawl().code == 0
    return desk


@pytest.fixture
def crawled(newsroom: Desk, tmp_path: Path) -> Desk:
    """A copy of the newsroom, to be changed at will."""
    shutil.copytree(newsroom.folder, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        "http://a.example/1-most",
        "https://www.a.example/1-another-slug?utm_source=tg#top",  # the site's file says where the id is
        "a.example/1-most",
        " http://m.a.example/1-most ",
    ],
)
def test_an_article_by_any_of_its_addresses(crawled: Desk, given: str) -> None:
    done = crawled.run("explain", given)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Мост через Быструю открыли\na.example · 20 Nov 2026 11:30 UTC\n")
    assert "The canonical article in a story of 2 articles" in done.out
    assert "+ Мост заработал" in done.out


def test_json_and_the_id(crawled: Desk) -> None:
    by_url = crawled.run("explain", "--json", "http://b.example/x")
    report = by_url.report
    assert report["story"]["role"] == "copy"
    assert report["story"]["choice"]["canonical"]["article"]["url"] == "http://a.example/1-most"
    assert report["dated"]["offset"] == 180
    (pair,) = report["considered"]
    assert (pair["ok"], pair["stored"], pair["overlap"]["small"]) == (True, "same", 1.0)
    by_id = crawled.run("explain", report["article"]["id"].upper(), "--json")
    assert (by_id.code, by_id.report) == (0, report)


def test_without_site_files(crawled: Desk) -> None:
    for path in (crawled.folder / "sites").iterdir():
        path.unlink()
    assert crawled.run("explain", "http://b.example/x").code == 0
    assert crawled.run("explain", "https://a.example/1-most/?utm_source=tg").code == 0
    other_slug = crawled.run("explain", "http://a.example/1-another-slug")
    assert other_slug.code == 1
    assert "no site file covers a.example" in other_slug.err


def test_a_folder_of_site_files_by_option(crawled: Desk) -> None:
    (crawled.folder / "sites").rename(crawled.folder / "elsewhere")
    address = "http://a.example/1-another-slug"
    assert crawled.run("explain", address).code == 1
    assert crawled.run("explain", address, "--sites", f"{crawled.folder}/elsewhere").code == 0
    missing = crawled.run("explain", address, "--sites", "/nowhere")
    assert (missing.code, missing.out) == (2, "")
    assert "/nowhere is no folder" in missing.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("http://a.example/9-unknown", ["svodka search 'site:a.example words of its title'"]),
        ("http://a.example/tags/most", ["a.example.toml would refuse it: no allow pattern matches"]),
        ("http://a.example/9-x/video", ["a.example.toml would refuse it: a deny pattern matches"]),
        ("http://a.example/2-gone", ["visited 2026-11-20 12:00 UTC: it ended as http_error, due again"]),
        ("http://a.example/3-short", ["visited 2026-11-20 12:00 UTC: it ended as too_short, due again"]),
        (
            "https://www.c.example/1",
            ["no site file covers www.c.example", "svodka search 'words of its title'"],
        ),
        ("0" * 32, ["no stored article has the id 0000"]),
    ],
)
def test_what_is_not_stored(crawled: Desk, given: str, said: list[str]) -> None:
    done = crawled.run("explain", given)
    assert (done.code, done.out) == (1, "")
    assert "not stored" in done.err or "no stored article" in done.err
    for part in said:
        assert part in done.err


@pytest.mark.parametrize(
    "given", ["", "most", "ftp://a.example/1", "http://[::", "http://", "0" * 31, "a\x1b[2J.b c"]
)
def test_neither_address_nor_id(desk: Desk, given: str) -> None:
    desk.site()
    stored(desk)
    done = desk.run("explain", given)
    assert (done.code, done.out) == (2, "")
    assert "is no address and no id" in done.err
    assert "\x1b" not in done.err


def test_no_index(desk: Desk) -> None:
    desk.site()
    done = desk.run("explain", "http://a.example/1")
    assert (done.code, done.out) == (3, "")
    assert done.err.count("\n") == 1
    assert done.err.startswith("svodka: ")


@pytest.mark.parametrize("given", ["http://a.example/1", "0" * 32])
@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://127.0.0.1:9/behind/a/path"])
def test_an_index_that_is_down_says_nothing_of_the_article(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, given: str, address: str
) -> None:
    desk.site()
    outboxes = desk.folder / "outboxes"
    monkeypatch.setenv("SVODKA_OUTBOX_FOLDER", str(outboxes))
    done = desk.run("explain", given, "--index", address)
    assert (done.code, done.out) == (3, "")
    assert done.err == "svodka: Elasticsearch at 127.0.0.1:9 does not answer: connection refused\n"
    assert not outboxes.exists()


def test_a_story_id_that_was_noted_down(desk: Desk) -> None:
    first, second, third = sorted(
        (article(name, words(0, 60)) for name in ("one", "two", "three")), key=lambda each: each.id
    )
    stored(desk, second, third)
    stored(desk, first)
    searched = desk.run("search", "--copies", "--json", f"story:{second.id}").report
    assert {hit["id"] for hit in searched["hits"]} == {first.id, second.id, third.id}
    explained = " ".join(desk.run("explain", second.id).out.split())
    assert f"Story id: {first.id}, that of «{first.title}»" in explained


def test_times_in_a_time_zone(crawled: Desk) -> None:
    done = crawled.run("explain", "a.example/1-most", "--zone", "Europe/Moscow")
    assert done.out.startswith("Мост через Быструю открыли\na.example · 20 Nov 2026 14:30 MSK\n")
    assert crawled.run("explain", "a.example/1-most", "--zone", "Mars").code == 2


def test_a_faulty_site_file_is_named_and_no_obstacle(crawled: Desk) -> None:
    crawled.write("c.example.toml", "name = ")
    done = crawled.run("explain", "http://a.example/1-most")
    assert done.code == 0
    assert "c.example.toml has faults and is left out" in done.err


def test_a_hostile_article_and_address(desk: Desk) -> None:
    bad = make_article(url=f"https://a.example/{HOSTILE}", title=HOSTILE, body=words(0, 60))
    stored(desk, bad)
    for arguments in ([bad.id], [f"https://a.example/x{HOSTILE}"]):
        done = desk.run("explain", *arguments)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(done.out + done.err)
    assert json.loads(desk.run("explain", "--json", bad.id).out)["article"]["title"] == HOSTILE


def test_all_shows_every_refusal(desk: Desk) -> None:
    asked = article("asked", words(0, 100))
    refused = [article(f"r{n}", words(500 + 60 * n, 560 + 60 * n), words(0, 55)) for n in range(12)]
    stored(desk, asked, *refused)
    short, whole = desk.run("explain", asked.id), desk.run("explain", asked.id, "--all")
    assert short.out.endswith("2 more were refused; --all shows them\n")
    assert whole.out.count("Refused (text)") == 12
    assert len(desk.run("explain", asked.id, "--json").report["considered"]) == 12


def test_the_address_of_a_link_leads_to_its_article(desk: Desk) -> None:
    linked = digest("https://a.example/feed-link")
    made = make_article(url="https://a.example/final")
    made = made.model_copy(update={"link_ids": sorted([made.id, linked])})
    stored(desk, made)
    assert desk.run("explain", linked, "--json").report["article"]["id"] == made.id


def test_two_articles_of_one_story(crawled: Desk) -> None:
    ran = crawled.run("explain", "a.example/1-most", "b.example/x")
    assert (ran.code, ran.err) == (0, "")
    assert "Compared with\n  + Мост заработал\n" in ran.out
    assert "Stored: the same verdict." in ran.out
    assert "Time\n" not in ran.out


def test_two_articles_that_linking_never_looks_at(desk: Desk) -> None:
    one, far = article("one", words(0, 60)), article("far", words(100, 160))
    stored(desk, one, far)
    ran = desk.run("explain", one.id, far.id)
    assert (ran.code, ran.err) == (0, "")
    assert "  - Заметка far\n" in ran.out
    assert "Linking does not look at the two: candidates have 3 fingerprint values in common" in " ".join(
        ran.out.split()
    )
    (pair,) = json.loads(desk.run("explain", "--json", one.id, far.id).out)["considered"]
    assert (pair["article"]["id"], pair["candidate"], pair["stored"]) == (far.id, False, "none")


def test_the_other_article_is_absent_or_the_same(crawled: Desk) -> None:
    absent = crawled.run("explain", "a.example/1-most", digest("nowhere"))
    assert (absent.code, absent.out) == (1, "")
    assert f"no stored article has the id {digest('nowhere')}" in absent.err
    same = crawled.run("explain", "a.example/1-most", "http://a.example/1-another-slug")
    assert (same.code, same.err) == (2, "svodka explain: these are the same article\n")


def test_help_has_examples(desk: Desk) -> None:
    done = desk.run("explain", "--help")
    assert done.code == 0
    assert "svodka explain https://" in done.out
