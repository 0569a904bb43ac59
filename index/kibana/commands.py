"""`svodka kibana import` and `svodka kibana export`: dashboards, searches and views into Kibana."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.backend import BackendError
from index.exit_codes import FAILED, INDEX, OK, USAGE
from index.settings import SettingsError, load_settings, name_fault

if TYPE_CHECKING:
    from index.kibana.address import Address
    from index.kibana.client import Kibana
    from index.kibana.importer import ImportReport

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_WAIT = 60  # seconds; Kibana starts in half a minute to a minute

_IMPORT_HELP = """\
examples:
  svodka kibana import --url https://kibana.example.org:5601
  svodka kibana import --url https://example.org/kibana --space newsroom --create-space --default

Credentials come from the environment, or from svodka.toml and files it names: SVODKA_KIBANA_API_KEY (or
SVODKA_KIBANA_API_KEY_FILE), or SVODKA_KIBANA_USERNAME and SVODKA_KIBANA_PASSWORD (or _PASSWORD_FILE); those of
Elasticsearch are not sent to Kibana. Importing again replaces what was imported before. docs/kibana.md has the rest.

exit codes: 0 everything is imported, 1 Kibana did not take every object, 2 an option is wrong or there is no such
            space, 3 Kibana does not answer or refuses
"""
_EXPORT_HELP = """\
examples:
  svodka kibana export svodka.ndjson
  svodka kibana export - | gzip > svodka.ndjson.gz

exit codes: 0 written, 1 the file cannot be written, 2 an option is wrong
"""


def add_kibana(subparsers: Commands) -> None:
    """Add `kibana` with its actions to a command line; each sets `run`, a handler that returns the exit code."""
    parser = subparsers.add_parser(
        "kibana",
        help="dashboards, searches and data views for Kibana",
        description="Brings dashboards, saved searches and data views into Kibana, 8.19 or any 9.x.",
        epilog="example: svodka kibana import --url https://kibana.example.org:5601",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_import(actions)
    _add_export(actions)


def _add_import(actions: Commands) -> None:
    parser = actions.add_parser(
        "import",
        help="import the saved objects into a running Kibana",
        description="Imports the saved objects into a running Kibana and says where the dashboards are.",
        epilog=_IMPORT_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--url", type=_address, metavar="URL", help="default: SVODKA_KIBANA_URL, or url in [kibana]"
    )
    parser.add_argument(
        "--space", type=_space, metavar="ID", help="default: SVODKA_KIBANA_SPACE, or the default space"
    )
    parser.add_argument("--create-space", action="store_true", help="make the space when it is not there")
    parser.add_argument(
        "--default", action="store_true", help="Discover opens with 'News, each story once' for everybody"
    )
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=_WAIT,
        metavar="SECONDS",
        help=f"how long to wait for a Kibana that starts or is busy ({_WAIT})",
    )
    parser.add_argument("--ca", type=Path, metavar="FILE", help="PEM file of the authority; SVODKA_KIBANA_CA")
    _add_prefix(parser)
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
    parser.set_defaults(run=_import)


def _add_export(actions: Commands) -> None:
    parser = actions.add_parser(
        "export",
        help="write the saved objects to a file for Kibana's import page",
        description="Writes the saved objects to a file, which Kibana takes in Stack Management > Saved Objects.",
        epilog=_EXPORT_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a name that ends in .ndjson; - is standard output")
    _add_prefix(parser)
    parser.set_defaults(run=_export)


def _add_prefix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prefix",
        type=_prefix,
        metavar="NAME",
        help="the index the objects show; default: SVODKA_ELASTICSEARCH_NAME, or news",
    )


def _import(args: argparse.Namespace) -> int:
    from index.kibana.importer import NoSuchSpace

    try:
        return _imported(args)
    except NoSuchSpace as error:
        return _import_failed(args, error, USAGE)
    except BackendError as error:
        return _import_failed(args, error, INDEX)


def _import_failed(args: argparse.Namespace, error: Exception, code: int) -> int:
    if args.json:
        print(json.dumps({"success": False, "error": str(error)}, ensure_ascii=False, indent=2))
    return _failed(error, code)


def _failed(error: object, code: int) -> int:
    print(f"svodka: {error}", file=sys.stderr)
    return code


def _imported(args: argparse.Namespace) -> int:
    from index.kibana.address import DEFAULT_SPACE, Address, check_space
    from index.kibana.client import Kibana
    from index.kibana.patience import Patience

    settings = load_settings()
    given = settings.kibana.model_copy(update={"ca": args.ca} if args.ca else {})
    if not (args.url or given.url):
        return _failed(
            "where is Kibana? Give --url https://kibana.example.org:5601, or set SVODKA_KIBANA_URL", USAGE
        )
    address = args.url or Address.of(given.url or "")
    space = args.space or check_space(given.space or DEFAULT_SPACE)
    with Kibana(address, given, Patience(args.wait)) as kibana:
        return _run(kibana, args, args.prefix or settings.elasticsearch.name, space)


def _run(kibana: Kibana, args: argparse.Namespace, prefix: str, space: str) -> int:
    from index.kibana.importer import dashboards_of, import_objects, require_space, set_default_view
    from index.kibana.ready import wait_until_ready

    text = _objects(prefix)
    if kibana.exposed:
        _tell("! the credentials go over the network in clear: give Kibana an address with https://")
    ready = wait_until_ready(kibana, _tell)
    for warning in ready.warnings:
        _tell(f"! {warning}")
    created = require_space(kibana, space, create=args.create_space)
    report = import_objects(kibana, text, space)
    view = set_default_view(kibana, report, prefix, space) if args.default and report.ok else None
    outcome = {
        "kibana": kibana.address.root,
        "version": ready.version,
        "space": space,
        "space_created": created,
        "default_view": view,
        "dashboards": dashboards_of(kibana, report, space),
    }
    _print(report, outcome, as_json=args.json)
    return OK if report.ok else FAILED


def _print(report: ImportReport, outcome: dict[str, Any], *, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        counts = {"success": report.ok, "sent": report.sent, "imported": len(report.imported)}
        given = {
            **counts,
            "objects": [asdict(each) for each in report.imported],
            "failures": [asdict(each) for each in report.failures],
            "warnings": list(report.warnings),
        }
        print(json.dumps({**outcome, **given}, ensure_ascii=False, indent=2))
        return
    for line in [*report.failures, *report.warnings]:
        _tell(f"! {line}")
    print("\n".join(_summary(report, outcome)))


def _summary(report: ImportReport, outcome: dict[str, Any]) -> list[str]:
    replaced = sum(each.replaced for each in report.imported)
    where = f"Kibana {outcome['version']} at {outcome['kibana']}, space {outcome['space']}"
    if outcome["space_created"]:
        where += " (made now)"
    lines = [f"{len(report.imported)} of {report.sent} objects imported ({replaced} replaced) into {where}"]
    if report.failures and not report.imported:
        lines = [f"nothing was imported into {where}"]
    if outcome["default_view"]:
        lines.append("Discover opens with 'News, each story once'")
    return lines + [f"{title}: {address}" for title, address in outcome["dashboards"].items()]


def _export(args: argparse.Namespace) -> int:
    try:
        text = _objects(args.prefix or load_settings().elasticsearch.name)
    except BackendError as error:
        return _failed(error, INDEX)
    if args.file == "-":
        sys.stdout.buffer.write(text.encode())  # UTF-8 whatever the terminal has
        sys.stdout.flush()
    elif not args.file.endswith(".ndjson"):
        return _failed(f"{args.file}: Kibana takes only files whose name ends in .ndjson", USAGE)
    else:
        try:
            Path(args.file).write_text(text, "utf-8", newline="\n")
        except OSError as error:
            return _failed(f"{args.file}: {error.strerror or error}", FAILED)
    _tell(
        f"{text.count(chr(10))} objects; in Kibana: Stack Management > Saved Objects > Import, "
        "'Automatically overwrite conflicts'"
    )
    return OK


def _objects(prefix: str) -> str:
    """The file, proved: what has a fault is a mistake of this program and goes nowhere."""
    from index.kibana.objects import ndjson
    from index.kibana.validate import require_valid

    text = ndjson(prefix)
    require_valid(text, prefix)
    return text


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _address(text: str) -> Address:
    from index.kibana.address import Address

    try:
        return Address.of(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _space(text: str) -> str:
    from index.kibana.address import check_space

    try:
        return check_space(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _prefix(text: str) -> str:
    if fault := name_fault(text):
        raise argparse.ArgumentTypeError(fault)
    return text


def _seconds(text: str) -> float:
    if not text.isascii() or not text.isdigit() or int(text) > 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to 86400")
    return float(text)
