from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.settings import (
    DEFAULT_INDEX,
    ElasticSettings,
    Settings,
    SettingsError,
    check_address,
    load_settings,
)

WORD = "geheim7Wort"
KEY = "a2V5OnNlY3JldA=="
TOML = """
index = "https://es.example.org:9200"
[elasticsearch]
name = "archive"
ca = "/etc/ssl/es.pem"
shards = 3
replicas = 2
timeout = 7.5
[outbox]
folder = "/var/lib/svodka"
limit_mb = 10
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings_of(text: str, **environment: str) -> Settings:
    Path("svodka.toml").write_text(text, "utf-8")
    return load_settings(environment)


def refusal_of(text: str, **environment: str) -> str:
    with pytest.raises(SettingsError) as refusal:
        settings_of(text, **environment)
    shown = "".join(traceback.format_exception(refusal.value))
    assert WORD not in shown
    return str(refusal.value)


@pytest.mark.usefixtures("folder")
class TestFile:
    def test_without_a_file_everything_has_a_default(self) -> None:
        settings = load_settings({})
        assert settings == Settings()
        assert (settings.index, settings.elasticsearch.name) == (DEFAULT_INDEX, "news")
        assert settings.elasticsearch.replicas == "0-1"

    def test_file_is_read(self) -> None:
        settings = settings_of(TOML)
        assert settings.index == "https://es.example.org:9200"
        assert settings.elasticsearch == ElasticSettings(
            name="archive", ca=Path("/etc/ssl/es.pem"), shards=3, replicas="2", timeout=7.5
        )
        assert (settings.outbox.folder, settings.outbox.limit_mb) == (Path("/var/lib/svodka"), 10)

    def test_environment_wins(self) -> None:
        settings = settings_of(
            TOML,
            SVODKA_INDEX="http://127.0.0.1:9201",
            SVODKA_ELASTICSEARCH_NAME="test",
            SVODKA_ELASTICSEARCH_SHARDS="5",
            SVODKA_OUTBOX_LIMIT_MB="7",
            SVODKA_ELASTICSEARCH_CA="",  # set and empty is not set
        )
        assert settings.index == "http://127.0.0.1:9201"
        assert (settings.elasticsearch.name, settings.elasticsearch.shards) == ("test", 5)
        assert settings.elasticsearch.ca == Path("/etc/ssl/es.pem")
        assert settings.outbox.limit_mb == 7

    def test_another_file(self, folder: Path) -> None:
        (folder / "other.toml").write_text('[elasticsearch]\nname = "other"', "utf-8")
        assert settings_of(TOML, SVODKA_CONFIG=str(folder / "other.toml")).elasticsearch.name == "other"

    def test_file_that_is_named_has_to_be_there(self, folder: Path) -> None:
        missing = str(folder / "missing.toml")
        assert refusal_of("", SVODKA_CONFIG=missing) == (
            f"{missing}: there is no such file (SVODKA_CONFIG names it)"
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("index = ", "svodka.toml cannot be read: Invalid value"),
            ("elasticsearch = 'x'", "svodka.toml: elasticsearch is no table; write [elasticsearch]"),
            ("outbox = [1]", "svodka.toml: outbox is no table"),
            ("index = 3\nspeed = 1", "speed: Extra inputs are not permitted (in svodka.toml or the environment)"),
            ("[elasticsearch]\nshard = 3", "elasticsearch.shard: Extra inputs are not permitted"),
            ("[elasticsearch]\nshards = 0", "elasticsearch.shards: Input should be greater than or equal to 1"),
            ("[elasticsearch]\nreplicas = 'all'", "elasticsearch.replicas: String should match pattern"),
            ("[elasticsearch]\nrefresh = '1 s'", "elasticsearch.refresh: String should match pattern"),
            ("[elasticsearch]\ntimeout = -1", "elasticsearch.timeout: Input should be greater than 0"),
            ("[elasticsearch]\nname = 'News'", "elasticsearch: name 'News': lower-case letters"),
            ("[elasticsearch]\nname = '../x'", "elasticsearch: name '../x': lower-case letters"),
            ("[elasticsearch]\nname = ''", "elasticsearch: name '': lower-case letters"),
            ("[outbox]\nlimit_mb = 'many'", "outbox.limit_mb: Input should be a valid integer"),
            ("[elasticsearch]\npassword_file = 3", "password_file is no path"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_is_named(self, text: str, reason: str) -> None:
        assert reason in refusal_of(text)

    def test_file_in_another_encoding(self, folder: Path) -> None:
        (folder / "svodka.toml").write_bytes("# Ёлка".encode("cp1251"))
        with pytest.raises(SettingsError, match=r"svodka\.toml cannot be read"):
            load_settings({})

    @pytest.mark.parametrize("name", ["SVODKA_ELASTICSEARCH_APIKEY", "SVODKA_OUTBOX_LIMIT"])
    def test_misspelt_variable_is_named_with_what_there_is(self, name: str) -> None:
        reason = refusal_of("", **{name: WORD})
        assert reason.startswith(f"{name}: no such setting; there are ")
        assert ("api_key" in reason) == ("ELASTIC" in name)

    def test_variables_that_kubernetes_sets_for_a_service_are_none_of_ours(self) -> None:
        found = settings_of(
            "",
            SVODKA_ELASTICSEARCH_SERVICE_HOST="10.0.0.1",
            SVODKA_ELASTICSEARCH_PORT="tcp://10.0.0.1:9200",
            SVODKA_ELASTICSEARCH_PORT_9200_TCP_ADDR="10.0.0.1",
        )
        assert found == Settings()


@pytest.mark.usefixtures("folder")
class TestSecrets:
    @pytest.mark.parametrize("section", ["elasticsearch", "kibana"])
    @pytest.mark.parametrize("name", ["password", "api_key"])
    def test_secret_in_the_file_is_refused(self, section: str, name: str) -> None:
        reason = refusal_of(f'[{section}]\nusername = "svodka"\n{name} = "{WORD}"')
        assert f"SVODKA_{section.upper()}_{name.upper()}" in reason
        assert f"{name}_file" in reason

    @pytest.mark.parametrize(
        "text", [f'password = "{WORD}"', f'[outbox]\napi_key = "{WORD}"', f'[es]\npassword = "{WORD}"']
    )
    def test_secret_in_another_place_is_not_shown(self, text: str) -> None:
        assert "Extra inputs are not permitted" in refusal_of(text)

    @pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
    def test_file_of_a_secret(self, folder: Path, ending: str) -> None:
        (folder / "password").write_bytes(f" {WORD}ё {ending}".encode())
        found = settings_of('[elasticsearch]\nusername = "svodka"\npassword_file = "password"').elasticsearch
        assert found.password
        assert found.password.get_secret_value() == f" {WORD}ё "

    def test_api_key_from_a_file_that_the_environment_names(self, folder: Path) -> None:
        (folder / "key").write_text(f"\ufeff{KEY}\n", "utf-8")
        found = settings_of("", SVODKA_ELASTICSEARCH_API_KEY_FILE="key").elasticsearch
        assert found.api_key
        assert found.api_key.get_secret_value() == KEY

    def test_secret_given_itself_wins_over_its_file(self) -> None:
        text = '[elasticsearch]\napi_key_file = "missing"'
        found = settings_of(text, SVODKA_ELASTICSEARCH_API_KEY=KEY).elasticsearch
        assert found.api_key
        assert found.api_key.get_secret_value() == KEY

    def test_file_of_a_secret_that_cannot_be_read(self, folder: Path) -> None:
        (folder / "empty").write_text("\n", "utf-8")
        (folder / "binary").write_bytes(b"\xff\xfe\x00")
        (folder / "folder").mkdir()
        for name, reason in [
            ("missing", "No such file or directory"),
            ("empty", "the file is empty"),
            ("binary", "not text"),
            ("folder", "Is a directory"),
            ("\0", "not text"),
        ]:
            found = refusal_of("", SVODKA_ELASTICSEARCH_API_KEY_FILE=name)
            assert found == f"api_key_file {name}: {reason}"

    @pytest.mark.parametrize(
        ("environment", "reason"),
        [
            ({"PASSWORD": WORD}, "a password needs a username"),
            ({"USERNAME": "svodka"}, "a username needs a password: SVODKA_ELASTICSEARCH_PASSWORD, or password_file"),
            ({"API_KEY": f"id:{WORD}"}, "elasticsearch.api_key: not in encoded form"),
            ({"API_KEY": f"{WORD}\r\nX-Evil: 1"}, "elasticsearch.api_key: not in encoded form"),
            ({"API_KEY": "ключ"}, "elasticsearch.api_key: not in encoded form"),
        ],
    )  # fmt: skip
    def test_credentials_that_cannot_be_right(self, environment: dict[str, str], reason: str) -> None:
        named = {f"SVODKA_ELASTICSEARCH_{name}": value for name, value in environment.items()}
        assert reason in refusal_of("", **named)

    def test_secrets_are_never_shown(self, caplog: pytest.LogCaptureFixture) -> None:
        settings = settings_of(
            "",
            SVODKA_ELASTICSEARCH_USERNAME="svodka",
            SVODKA_ELASTICSEARCH_PASSWORD=WORD,
            SVODKA_ELASTICSEARCH_API_KEY=KEY,
        )
        logging.getLogger("test").warning("%s %r", settings, settings.elasticsearch)
        dumped = settings.model_dump(), settings.model_dump(mode="json"), settings.model_dump_json()
        shown = f"{settings}{settings!r}{dumped}{caplog.text}"
        assert WORD not in shown
        assert KEY not in shown

    def test_settings_made_in_code_do_not_show_a_secret_when_refused(self) -> None:
        with pytest.raises(ValidationError) as refusal:
            ElasticSettings.model_validate({"password": WORD})
        assert WORD not in str(refusal.value)


class TestAddress:
    @pytest.mark.parametrize(
        "address", ["https://es.example.org:9200", "http://127.0.0.1:9200", "http://[::1]:9200", "https://a.b:443/es"]
    )  # fmt: skip
    def test_closing_slash_is_dropped(self, address: str) -> None:
        assert check_address(address) == check_address(f"{address}/") == address

    @pytest.mark.parametrize(
        "address",
        [
            f"https://svodka:{WORD}@es.example.org:9200",
            f"https://{WORD}@es.example.org:9200",
            f"https://svodka:p@{WORD}@es.example.org:9200",
            f"https://svodka:{WORD}/x@es.example.org:9200",
            f"https://svodka:12#{WORD}@es.example.org:9200",
            f"https://svodka:{WORD}?@es.example.org:9200",
            f"https://svodka:p@{WORD}/@es.example.org:9200",
        ],
    )
    def test_credentials_are_refused_and_nothing_of_them_is_shown(self, address: str) -> None:
        with pytest.raises(SettingsError, match="holds credentials") as refusal:
            check_address(address)
        shown = "".join(traceback.format_exception(refusal.value, chain=True))
        assert WORD not in str(refusal.value)
        assert WORD not in shown.replace(address, "")

    @pytest.mark.parametrize(
        "address",
        [
            "", "es.example.org", "es.example.org:9200", "https://", "https://:9200", "https://es.example.org",
            "https://es.example.org:0", "https://es.example.org:99999", "https://es.example.org:port",
            "https://[::1:9200", "ftp://es.example.org:21", "https://es.example.org:9200?x=1", "https://a:1#b",
            "http://a..b:9200", f"http://{'x' * 64}.example.org:9200",
        ],
    )  # fmt: skip
    def test_what_is_no_address_of_a_cluster(self, address: str) -> None:
        with pytest.raises(SettingsError, match="no URL with a host and a port"):
            check_address(address)
