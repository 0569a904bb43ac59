"""What becomes of an import that Kibana answers with 200."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from index.exit_codes import FAILED
from index.kibana.address import Address
from index.kibana.client import Kibana
from index.kibana.importer import import_objects, report_of
from index.kibana.objects import ndjson
from index.kibana.patience import Patience
from index.kibana.validate import lines_of
from index.settings import KibanaSettings
from tests.index.kibana.command import SENT, Run
from tests.index.kibana.stub import TYPES, StubKibana


class TestFailedImport:
    """Kibana's answer is 200 and says success: false."""

    @pytest.fixture(params=["text", "json"])
    def imported(self, request: pytest.FixtureRequest, run: Run, stub: StubKibana) -> Callable[[], str]:
        def imported(*more: str) -> str:
            as_json = ["--json"] if request.param == "json" else []
            ran = run("import", "--url", stub.url, *more, *as_json)
            assert ran.code == FAILED
            if as_json:
                found: dict[str, Any] = json.loads(ran.out)
                assert found["success"] is False
                return json.dumps(found, ensure_ascii=False)
            assert all(line.startswith("! ") for line in ran.err.splitlines())
            return ran.err + ran.out

        return imported

    def test_changed_meanwhile(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.broken = {"lens:news-lens-fill": {"statusCode": 409, "message": "version conflict"}}
        shown = imported()
        assert "news-lens-fill" in shown
        assert "run the import again" in shown
        assert len(stub.objects) == SENT - 1

    def test_one_that_the_store_refuses(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.broken = {
            "query:news-query-copies": {"statusCode": 400, "error": "Bad Request", "message": "[x]: no"}
        }
        shown = imported()
        assert "[x]: no (400)" in shown
        assert "Kibana's log says more" in shown

    def test_one_that_is_not_allowed(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.broken = {
            "query:news-query-copies": {"statusCode": 403, "message": "Unable to bulk_create query"}
        }
        assert "'Saved Objects Management: All'" in imported()

    def test_kibana_that_is_older_than_the_format(
        self, imported: Callable[[], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(TYPES, "dashboard", "8.7.0")
        shown = imported()
        assert "belongs to a more recent version of Kibana" in shown
        assert "this Kibana is older than the format of the file" in shown

    def test_type_that_it_does_not_know(
        self, imported: Callable[[], str], stub: StubKibana, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(TYPES, "lens")
        shown = imported()
        assert "unsupported_type" in shown
        assert "this Kibana does not know such objects" in shown
        assert len(stub.objects) == SENT - ndjson().count('"type": "lens", "typeMigrationVersion"')

    def test_two_copies_in_one_space(self, imported: Callable[..., str], stub: StubKibana, run: Run) -> None:
        stub.spaces["two"] = "Two"
        run("import", "--url", stub.url)
        board = stub.objects["default", "dashboard", "news-dashboard-news"] | {
            "originId": "news-dashboard-news"
        }
        stub.objects |= {("two", "dashboard", id): board | {"id": id} for id in ("one", "other")}
        shown = imported("--space", "two", "--default")
        assert "several objects of this space come from it (one, other)" in shown
        assert "delete all but one" in shown
        assert "/app/dashboards#/view/" not in shown  # nothing was written, although it counts the rest
        assert len(stub.in_space("two")) == 2
        assert stub.default_views == {}

    def test_fewer_than_were_sent(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.dropped = {"lens:news-lens-fill"}
        assert f"Kibana took {SENT - 1} of {SENT} objects and names no reason" in imported()


def imported(stub: StubKibana, text: str) -> list[str]:
    """The failures of a file, as they are printed."""
    with Kibana(Address.of(stub.url), KibanaSettings(), Patience(0)) as there:
        return [str(each) for each in import_objects(there, text, "default").failures]


def test_reference_that_is_nowhere(stub: StubKibana) -> None:
    lines = [
        each for each in lines_of(ndjson()) if '"news-search-latest"' in each and '"search"' in each[-200:]
    ]
    assert len(lines) == 1
    text = "\n".join([*lines, lines_of(ndjson())[1]]) + "\n"
    (failure,) = imported(stub, text)
    assert failure == (
        "search news-search-latest (News: latest): missing_references: it needs index-pattern news, which is neither "
        "in the file nor in the space; import a whole file, as 'svodka kibana export' writes it"
    )
    assert not stub.objects


@pytest.mark.parametrize(
    "answer", [{"errors": 3}, {"errors": ["x"]}, {"errors": [{}]}, {"successResults": [{"meta": 1}]}]
)
def test_answer_of_another_shape_is_no_success(answer: dict[str, Any]) -> None:
    report = report_of({"success": False, **answer}, SENT)
    assert not report.ok
    assert report.failures or report.warnings
