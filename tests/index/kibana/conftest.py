"""The demo's articles and a week of runs on a node of each major, asked as Kibana asks; a Kibana to import into."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.demo.show import RUNS
from index.elastic.schema import Names
from index.kibana.replay.catalogue import Catalogue
from index.kibana.replay.request import Answer, Context, Request, ask
from index.kibana.views import runs_alias
from tests.index.kibana.command import Run, running
from tests.index.kibana.runs import run_documents
from tests.index.kibana.stub import StubKibana, kibana
from tests.nodes.engines import Engine, elastic_params, engine_on

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from tests.nodes.shared import SharedNodes

NOW = datetime.fromisoformat(RUNS[-1][1]).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """A node with the demo on it: what is stored, and what Kibana would ask."""

    es: Elasticsearch
    prefix: str
    catalogue: Catalogue
    context: Context
    articles: list[dict[str, Any]]  # sources, in no order
    runs: list[dict[str, Any]]

    def ask(self, request: Request) -> Answer:
        """The answer of the node; raises for what Kibana would show as an error."""
        return ask(self.es, request)

    @property
    def stories(self) -> list[dict[str, Any]]:
        """The canonical articles."""
        return [each for each in self.articles if each["role"] == "canonical"]


@pytest.fixture(scope="package", params=elastic_params())
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, nodes: SharedNodes
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("kibana")
    with engine_on(nodes, request.param, f"t-{secrets.token_hex(6)}") as engine:
        _demo(engine, {"SVODKA_OUTBOX_FOLDER": str(folder)})
        prefix = f"{engine.prefix}-demo"
        with warnings.catch_warnings():  # of the server: that it has no security
            warnings.simplefilter("ignore")
            with engine.client() as es:
                yield _desk(es, prefix)


def _demo(engine: Engine, environment: dict[str, str]) -> None:
    """Crawl the bundled sites into the node with the command that users type."""
    command = [sys.executable, "-m", "crawler.cli", "demo", "--index", engine.url]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    done = subprocess.run(
        command, capture_output=True, text=True, env=inherited | engine.environment | environment, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _desk(es: Elasticsearch, prefix: str) -> Desk:
    documents = _store_runs(es, prefix)
    hits = es.search(index=Names(prefix).articles, size=1000)["hits"]["hits"]
    context = Context(NOW - timedelta(days=7), NOW, "Europe/Moscow")
    return Desk(es, prefix, Catalogue.of(prefix), context, [hit["_source"] for hit in hits], documents)


def _store_runs(es: Elasticsearch, prefix: str) -> list[dict[str, Any]]:
    """A week of made-up runs beside those of the demo itself; all of them."""
    alias = runs_alias(prefix)
    operations: list[dict[str, Any]] = []
    for each in run_documents(NOW):
        operations += [{"create": {"_id": each["id"]}}, each]
    answer = es.bulk(index=alias, operations=operations, refresh=True)
    assert not answer["errors"], answer
    return [hit["_source"] for hit in es.search(index=alias, size=1000)["hits"]["hits"]]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Run]:
    """Runs `svodka kibana` in an empty folder."""
    yield from running(tmp_path, monkeypatch, capsys, caplog)


@pytest.fixture
def stub() -> Iterator[StubKibana]:
    """An empty Kibana without security."""
    with kibana(StubKibana()) as stub:
        yield stub
