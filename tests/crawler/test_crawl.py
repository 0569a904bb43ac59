from __future__ import annotations

from contextlib import closing

from index.backend import Edge
from tests.desk import Desk, article, feed


def test_more_sites_than_run_at_once_all_have_their_turn(desk: Desk) -> None:
    names = [f"s{number}.example" for number in range(20)]
    for name in names:
        desk.site(name)
        desk.web |= {
            f"http://{name}/rss": feed("/1", host=name),
            f"http://{name}/1": article(f"Новость сайта {name}"),
        }
    done = desk.crawl()
    assert done.code == 0
    assert [site["site"] for site in done.report["sites"]] == sorted(names)
    assert done.report["outcomes"]["indexed"] == 20


def test_a_day_later_a_crawl_judges_anew_what_was_fetched(desk: Desk) -> None:
    """A verdict of a killed process, that two notes are copies, is gone with the first crawl of the next day."""
    desk.site()
    notes = [
        "Цирк приехал в город и дал первое представление для школьников в полном зале дворца.",
        "Завод выпустил тысячный трактор этой весной и отправил его на выставку в соседнюю область.",
    ]
    desk.web = {"http://a.example/rss": feed("/1", "/2")}
    desk.web |= {
        f"http://a.example/{number}": article(f"Заметка {number}", note)
        for number, note in enumerate(notes, 1)
    }
    assert desk.crawl(now="2026-11-25T09:00:00Z").code == 0
    with closing(desk.open()) as index:
        one, other = sorted(
            index.get(index.fetched(None, after="", limit=9)).values(), key=lambda each: each.id
        )
        index.link((), [Edge(one.id, other.id, True, "copy", one.judged_hash, other.judged_hash)])
        assert len(index.story(one.id)) == 2
    assert desk.crawl(now="2026-11-26T08:00:00Z").code == 0
    with closing(desk.open()) as index:
        assert len(index.story(one.id)) == 2
    assert desk.crawl(now="2026-11-26T09:00:00Z").code == 0
    with closing(desk.open()) as index:
        assert len(index.story(one.id)) == 1
