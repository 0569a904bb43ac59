from __future__ import annotations

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
