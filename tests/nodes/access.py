"""How to reach a cluster: for a test's own client, and for a `svodka` process through its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch


@dataclass(frozen=True, slots=True)
class Access:
    """An address with what its cluster asks for; `ca` is a PEM file."""

    url: str
    ca: Path | None = None
    username: str | None = None
    password: str | None = None
    api_key: str | None = None

    def with_key(self, api_key: str) -> Access:
        """The same cluster with an API key (in its encoded form) instead of a user."""
        return replace(self, username=None, password=None, api_key=api_key)

    def client(self, **options: Any) -> Elasticsearch:
        """A client of its own; close it, or use it in a `with`."""
        ca: dict[str, Any] = {} if self.ca is None else {"ca_certs": str(self.ca)}
        user = None if self.username is None else (self.username, self.password or "")
        return Elasticsearch(self.url, basic_auth=user, api_key=self.api_key, **ca, **options)

    def environment(self, name: str) -> dict[str, str]:
        """The variables that open the index `name` there (`index.settings`)."""
        found = {
            "SVODKA_INDEX": self.url,
            "SVODKA_ELASTICSEARCH_NAME": name,
            "SVODKA_ELASTICSEARCH_CA": self.ca and str(self.ca),
            "SVODKA_ELASTICSEARCH_USERNAME": self.username,
            "SVODKA_ELASTICSEARCH_PASSWORD": self.password,
            "SVODKA_ELASTICSEARCH_API_KEY": self.api_key,
        }
        return {variable: value for variable, value in found.items() if value}


def access_from(environment: Mapping[str, str]) -> Access | None:
    """The cluster that SVODKA_TEST_ES names, with the credentials that Svodka itself would take; None without."""
    url = environment.get("SVODKA_TEST_ES")
    if not url:
        return None
    ca, username, password, api_key = (
        environment.get(f"SVODKA_ELASTICSEARCH_{each}") for each in ("CA", "USERNAME", "PASSWORD", "API_KEY")
    )
    return Access(url.rstrip("/"), Path(ca) if ca else None, username, password, api_key)


def remove_indices(client: Elasticsearch, prefix: str) -> None:
    """Delete every index and template that begins with a prefix; a missing one is no fault."""
    # Hidden ones are the server's own (.tasks); it warns of whoever asks for them.
    found = client.indices.get(index=f"{prefix}*", expand_wildcards=["open", "closed"], features="aliases")
    names = list(found)
    if names:
        client.indices.delete(index=",".join(names), ignore_unavailable=True)
    forgiving = client.options(ignore_status=404)
    forgiving.indices.delete_index_template(name=f"{prefix}*")
    forgiving.cluster.delete_component_template(name=f"{prefix}*")


def empty(client: Elasticsearch) -> None:
    """Undo what tests can leave behind on a node of their own: indices, templates, settings of the cluster."""
    changed = client.cluster.get_settings(flat_settings=True)
    persistent, transient = (dict.fromkeys(changed[kind]) for kind in ("persistent", "transient"))
    if persistent or transient:
        client.cluster.put_settings(persistent=persistent, transient=transient)
    remove_indices(client, "")
