"""Settings of the index: `svodka.toml` and the environment, secrets from the environment or from files.

The environment wins over the file: `[elasticsearch] ca` is also SVODKA_ELASTICSEARCH_CA, `[outbox] folder`
SVODKA_OUTBOX_FOLDER. Secrets never stand in `svodka.toml` itself, in an address or on a command line.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from index.backend import IndexUnavailable

DEFAULT_INDEX = "sqlite:///var/svodka.db"
DEFAULT_FILE = Path("svodka.toml")
DEFAULT_NAME = "news"  # of the alias that analysts search

# What Elasticsearch allows as an index name, with room for ours.
_NAME = re.compile("[a-z0-9][a-z0-9._-]{0,79}")
_SECRETS = {"api_key", "password"}
# Docker links and Kubernetes services called svodka-elasticsearch set such variables for every container.
_NOT_OURS = re.compile(r"SERVICE_.*|PORT(_.*)?")


class SettingsError(IndexUnavailable):
    """A setting cannot be used; the message names it and says what to do."""


def name_fault(name: str) -> str:
    """Why a text cannot be the name of an index; '' for one that can."""
    if _NAME.fullmatch(name):
        return ""
    return (
        f"name {name!r}: lower-case letters, digits, '.', '-' and '_' only, a letter or digit first, "
        "80 characters at most"
    )


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, hide_input_in_errors=True
    )


class _Access(_Section):
    """What a server asks for; `section` begins the names of the variables."""

    section: ClassVar[str]

    ca: Path | None = None
    """PEM file of the authority that signed the server's certificate; none: those of the system."""
    username: str | None = None
    password: SecretStr | None = None
    api_key: SecretStr | None = None
    """The key in its encoded form, as the cluster prints it; it goes before a username and password."""

    @field_validator("api_key")
    @classmethod
    def _encoded(cls, key: SecretStr | None) -> SecretStr | None:
        if key and not re.fullmatch(r"[\w+/=-]+", key.get_secret_value(), re.ASCII):
            raise ValueError("not in encoded form: take the value that the cluster prints as 'encoded'")
        return key

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.password and not self.username:
            raise ValueError("a password needs a username")
        if self.username and not self.password:
            variable = f"SVODKA_{self.section.upper()}_PASSWORD"
            raise ValueError(f"a username needs a password: {variable}, or password_file")
        return self


class ElasticSettings(_Access):
    """How to reach a cluster and how to make the index there: `[elasticsearch]` of svodka.toml."""

    section = "elasticsearch"

    name: str = DEFAULT_NAME
    """The alias analysts search; indices and the other aliases begin with it."""
    shards: Annotated[int, Field(ge=1, le=64)] = 1
    """One shard holds tens of millions of articles."""
    replicas: Annotated[str, Field(pattern=r"^\d+$|^\d+-(\d+|all)$")] = "0-1"
    """A number, or a range the cluster chooses from: '0-1' is none on one node and one on several."""
    refresh: Annotated[str, Field(pattern=r"^(\d+(ms|s|m)|-1)$")] = "1s"
    """Seconds until other readers see a new article; a run refreshes after each batch of its own anyway."""
    timeout: Annotated[float, Field(gt=0, le=600)] = 20.0
    """Seconds to wait for an answer."""
    bulk_items: Annotated[int, Field(ge=1, le=10_000)] = 500
    bulk_bytes: Annotated[int, Field(ge=10_000, le=90_000_000)] = 5_000_000
    """Bounds of one bulk request; the server refuses more than 100 MB."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if fault := name_fault(self.name):
            raise ValueError(fault)
        return self


class KibanaSettings(_Access):
    """How to reach Kibana: `[kibana]` of svodka.toml.

    It has credentials of its own. Those of Elasticsearch may be good for it, too, but a secret goes to no server
    that it was not given for: what one address gets wrong, another host would read.
    """

    section = "kibana"

    url: str | None = None
    """With the base path, if Kibana has one: https://kibana.example.org:5601/kibana."""
    space: str | None = None
    """None: the default space."""
    timeout: Annotated[float, Field(gt=0, le=600)] = 60.0
    """Seconds to wait for an answer."""


class OutboxSettings(_Section):
    """Where articles wait for a cluster that does not answer: `[outbox]` of svodka.toml."""

    folder: Path = Path("var/outbox")
    limit_mb: Annotated[int, Field(ge=1)] = 1024
    """Beyond it a crawl stops instead of filling the disk."""
    patience: Annotated[float, Field(ge=0, le=86_400)] = 30.0
    """Seconds a run tries at its end to send what still waits."""


class Settings(_Section):
    """All settings of the index."""

    index: str = DEFAULT_INDEX
    elasticsearch: ElasticSettings = ElasticSettings()
    outbox: OutboxSettings = OutboxSettings()
    kibana: KibanaSettings = KibanaSettings()


_MODELS: dict[str, type[_Section]] = {
    "elasticsearch": ElasticSettings,
    "outbox": OutboxSettings,
    "kibana": KibanaSettings,
}


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `svodka.toml` (SVODKA_CONFIG names another file) and the environment.

    Raises `SettingsError` for a file that is no TOML, an unknown or unfit setting, a secret in the file.
    """
    values = os.environ if environment is None else environment
    path = Path(values.get("SVODKA_CONFIG") or DEFAULT_FILE)
    data = _read(path, required=bool(values.get("SVODKA_CONFIG")))
    _refuse_secrets(data, path)
    for section, model in _MODELS.items():
        given = _section(data, section, path)
        data[section] = _with_secrets(given | _from_environment(section, model, values))
    if values.get("SVODKA_INDEX"):
        data["index"] = values["SVODKA_INDEX"]
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(f"settings: {_explained(error)} (in {path} or the environment)") from None


def shown_address(address: str) -> str:
    """An index address as it may be printed: whatever could be a user, a password or a key is left out."""
    if address.startswith("sqlite:"):
        return address
    return ",".join(
        re.sub(r"[?#].*", "", re.sub(r"^(\w+://)?.*@", r"\1", each)) for each in address.split(",")
    )


def check_address(address: str) -> str:
    """An http(s) address of a cluster, without a closing slash; raises `SettingsError` for one with credentials."""
    if (
        "@" in address
    ):  # nothing of it is shown: a password may hold any character, and what is the host is a guess
        raise SettingsError(
            "the index address holds credentials, which end up in process lists and logs: set "
            "SVODKA_ELASTICSEARCH_API_KEY, or SVODKA_ELASTICSEARCH_USERNAME and _PASSWORD, instead"
        )
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname and parts.port)
        (parts.hostname or "").encode("idna")
    except ValueError:  # UnicodeError is one: a label that is empty or too long
        usable = False
    if not usable or parts.query or parts.fragment:
        raise SettingsError(
            "the index address is no URL with a host and a port; https://es.example.org:9200 is one"
        )
    return f"{parts.scheme}{address[len(parts.scheme) :]}".rstrip("/")


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise SettingsError(f"{path}: there is no such file (SVODKA_CONFIG names it)") from None
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None


def _refuse_secrets(data: Mapping[str, Any], path: Path) -> None:
    for section in ("elasticsearch", "kibana"):
        given = data.get(section)
        for name in sorted(_SECRETS & given.keys()) if isinstance(given, Mapping) else ():
            raise SettingsError(
                f"{path}: no secrets in this file; set SVODKA_{section.upper()}_{name.upper()}, or put it into a "
                f"file of its own and name that as {name}_file"
            )


def _section(data: Mapping[str, Any], section: str, path: Path) -> dict[str, Any]:
    found = data.get(section, {})
    if not isinstance(found, Mapping):
        raise SettingsError(f"{path}: {section} is no table; write [{section}] above its settings")
    return dict(found)


def _from_environment(section: str, model: type[_Section], values: Mapping[str, str]) -> dict[str, str]:
    """What is set under the section's prefix; raises `SettingsError` for a name that is no setting."""
    prefix = f"SVODKA_{section}_".upper()
    known = {*model.model_fields, *(f"{name}_file" for name in _SECRETS & model.model_fields.keys())}
    found: dict[str, str] = {}
    for variable, value in values.items():
        name = variable.removeprefix(prefix)
        if name == variable or _NOT_OURS.fullmatch(name) or not value:
            continue
        if name.lower() not in known or not name.isupper():
            raise SettingsError(f"{variable}: no such setting; there are {', '.join(sorted(known))}")
        found[name.lower()] = value
    return found


def _with_secrets(section: Mapping[str, Any]) -> dict[str, Any]:
    """`api_key_file` and `password_file` replaced by what the files hold; a secret given itself wins."""
    found = dict(section)
    for name in sorted(_SECRETS):
        path = found.pop(f"{name}_file", None)
        if path is not None and name not in found:
            found[name] = _secret(name, path)
    return found


def _secret(name: str, path: object) -> str:
    """The text of a file without the line end that editors put there."""
    if not isinstance(path, str):
        raise SettingsError(f"{name}_file is no path")
    try:
        text = Path(path).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise SettingsError(f"{name}_file {path}: {reason}") from None
    if not text:
        raise SettingsError(f"{name}_file {path}: the file is empty")
    return text


def _explained(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors(include_input=False)
    )
