from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from crawler.schedule.refusal import ScheduleRefused
from crawler.schedule.surroundings import PATH, surroundings

DESK = Path("/srv/desk")


def test_settings_go_along_and_paths_become_absolute() -> None:
    found = surroundings(
        {
            "SVODKA_INDEX": "sqlite:///var/news.db", "SVODKA_SITES": "sites", "SVODKA_CONFIG": "/etc/svodka.toml",
            "SVODKA_CONTACT": "desk@example.org", "SVODKA_ELASTICSEARCH_API_KEY_FILE": "key", "SVODKA_OUTBOX_FOLDER": "",
            "SVODKA_ELASTICSEARCH_NAME": "news", "http_proxy": "http://127.0.0.1:3128",
            "SVODKA_NOW": "2026-11-23T12:00:00+00:00", "SVODKA_TEST_ES": "http://127.0.0.1:9200",
            "SVODKA_ELASTICSEARCH_SERVICE_HOST": "10.0.0.1", "SVODKA_ELASTICSEARCH_PORT": "tcp://10.0.0.1:9200",
            "HOME": "/root", "PATH": "/somewhere", "LANG": "C",
        },
        DESK,
    )  # fmt: skip
    assert found.settings == {
        "PATH": PATH,
        "SVODKA_INDEX": "sqlite:////srv/desk/var/news.db",
        "SVODKA_SITES": "/srv/desk/sites",
        "SVODKA_CONFIG": "/etc/svodka.toml",
        "SVODKA_CONTACT": "desk@example.org",
        "SVODKA_ELASTICSEARCH_API_KEY_FILE": "/srv/desk/key",
        "SVODKA_ELASTICSEARCH_NAME": "news",
        "http_proxy": "http://127.0.0.1:3128",
    }


def test_an_absolute_index_and_a_cluster_stay_as_they_are() -> None:
    for address in ("sqlite:////data/news.db", "https://es.example.org:9200"):
        assert surroundings({"SVODKA_INDEX": address}, DESK).settings["SVODKA_INDEX"] == address


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("SVODKA_ELASTICSEARCH_API_KEY", "c2VjcmV0", "export SVODKA_ELASTICSEARCH_API_KEY_FILE="),
        ("SVODKA_ELASTICSEARCH_PASSWORD", "s3cret", "password_file in svodka.toml"),
        ("https_proxy", "http://user:s3cret@proxy:3128", "env -u https_proxy"),
        ("SVODKA_INDEX", "https://user:s3cret@es.example.org:9200", "holds credentials"),
    ],
)
def test_secrets_are_refused_and_not_shown(name: str, value: str, advice: str) -> None:
    with pytest.raises(ScheduleRefused) as caught:
        surroundings({name: value}, DESK)
    assert advice in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "c2VjcmV0" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "carried"),
    [
        ("SVODKA_INDEX", "sqlite:///~/news.db", "sqlite:////home/desk/news.db"),
        ("SVODKA_INDEX", "sqlite:///a~b/news.db", "sqlite:////srv/desk/a~b/news.db"),
        ("SVODKA_OUTBOX_FOLDER", "~/outbox", "/home/desk/outbox"),
    ],
)
def test_a_home_folder_is_what_it_is_in_every_command(
    name: str, value: str, carried: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/desk")
    assert surroundings({name: value}, DESK).settings[name] == carried


def test_a_home_folder_of_nobody_is_refused() -> None:
    with pytest.raises(ScheduleRefused, match="SVODKA_INDEX: ~nobody-has-this-name/"):
        surroundings({"SVODKA_INDEX": "sqlite:///~nobody-has-this-name/news.db"}, DESK)


def test_settings_of_kibana_stay_here() -> None:
    kibana = {
        "URL": "https://desk:s3cret@kibana:5601",
        "PASSWORD": "s3cret",
        "API_KEY": "c2VjcmV0",
        "CA": "ca.pem",
    }
    given = {f"SVODKA_KIBANA_{name}": value for name, value in kibana.items()}
    assert surroundings(given, DESK).settings == {"PATH": PATH}


def test_a_secret_that_has_a_file_too_is_left_out() -> None:
    name = "SVODKA_ELASTICSEARCH_API_KEY"
    found = surroundings({name: "c2VjcmV0", f"{name}_FILE": "/etc/key"}, DESK)
    assert found.settings == {"PATH": PATH, f"{name}_FILE": "/etc/key"}


def test_the_shell_gets_the_words_that_are_meant(tmp_path: Path) -> None:
    folder = tmp_path / "a desk's 50% $HOME `id`"
    folder.mkdir()
    found = surroundings({"SVODKA_CONTACT": 'it\'s "us" $(id) <desk@example.org>'}, folder)
    command = found.shell("crawl", "--due").replace(shlex.quote(found.program[0]), "/usr/bin/env", 1)
    command = command.replace(" crawl --due", "").replace(" -m crawler.cli", "")
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command}; pwd"], env={}, capture_output=True, text=True, check=True
    )
    assert 'SVODKA_CONTACT=it\'s "us" $(id) <desk@example.org>' in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == str(folder)
    assert f"PATH={PATH}" in done.stdout.splitlines()
