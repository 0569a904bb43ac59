from __future__ import annotations

import re
import socket

import pytest

from tests.desk import Desk, article, feed


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["crawl", "--help"],
        ["sites", "--help"],
        ["search", "--help"],
        ["index", "--help"],
        ["demo", "--help"],
    ],
)
def test_every_command_has_help_with_an_example(desk: Desk, arguments: list[str]) -> None:
    done = desk.run(*arguments)
    assert done.code == 0
    assert re.search(r"examples?:\s+svodka", done.out)


def test_an_unknown_site_names_the_nearest(desk: Desk) -> None:
    desk.site("vestnik.example")
    done = desk.run("crawl", "vestnic.example")
    assert (done.code, done.out) == (2, "")
    assert "did you mean vestnik.example?" in done.err


def test_no_folder_of_sites(desk: Desk) -> None:
    done = desk.run("crawl", "--sites", "/nowhere")
    assert done.code == 2
    assert "/nowhere is no folder" in done.err


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "many"], ["--since", "yesterday"]])
def test_arguments_that_make_no_sense(desk: Desk, arguments: list[str]) -> None:
    desk.site()
    done = desk.run("crawl", *arguments)
    assert done.code == 2
    assert arguments[1] in done.err


def test_sites_check_reports_all_faults_at_once(desk: Desk) -> None:
    desk.site("good.example")
    desk.write(
        "bad.example.toml", 'name = "bad.example"\ntitle = "B"\ndomains = ["Bad Host"]\ntime_zone = "Mars"'
    )
    done = desk.run("sites", "check")
    assert done.code == 1
    assert "domains.0" in done.out
    assert "time_zone" in done.out
    assert done.out.splitlines()[-1] == "site files checked: 2, faults: 3"
    assert desk.run("sites", "check", "good.example").code == 0


def test_sites_check_of_a_missing_file(desk: Desk) -> None:
    desk.site()
    done = desk.run("sites", "check", "nowhere.example")
    assert done.code == 1
    assert "nowhere.example.toml" in done.out


def test_sites_list_shows_every_site(desk: Desk) -> None:
    desk.site("good.example", title="Хорошая газета")
    done = desk.run("sites", "list")
    assert done.code == 0
    assert "good.example" in done.out
    assert "Хорошая газета" in done.out


def test_crawl_prints_the_table(desk: Desk) -> None:
    from crawler.demo.server import SampleSites

    desk.site()
    desk.web = {"http://a.example/rss": feed("/1"), "http://a.example/1": article()}
    with SampleSites.from_pages(desk.web) as server:
        done = desk.run("crawl", proxy=server.address)
    assert done.code == 0
    assert done.out.splitlines()[1].split()[:3] == ["a.example", "1", "1"]
    assert done.err == ""


def test_a_site_that_cannot_be_reached_is_one_line_on_standard_error(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # nobody listens there once it is closed
    desk.site(domains=["127.0.0.1"], feeds=[f"http://127.0.0.1:{port}/rss"])
    done = desk.run("crawl")
    assert done.code == 1
    assert done.err.strip() == (
        f"! a.example: feed http://127.0.0.1:{port}/rss: the host refuses the connection"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:abc",
        "http://127.0.0.1:99999",
        "http://u:p/w0rd@127.0.0.1:9233",
        "u:w0rd@127.0.0.1:1",
    ],
)
@pytest.mark.parametrize(
    "command", [["status"], ["search", "x"], ["index", "replay"], ["crawl", "a.example"]]
)
def test_an_address_that_is_none_is_told_without_what_is_secret(
    desk: Desk, address: str, command: list[str]
) -> None:
    desk.site()
    done = desk.run(*command, "--index", address)
    assert done.code == 3
    assert "w0rd" not in done.out + done.err
    assert "Traceback" not in done.err
    assert "address" in done.out + done.err
