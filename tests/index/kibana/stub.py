"""A Kibana on loopback that keeps to the published API: it takes what Kibana takes and refuses what it refuses.

Written after the routes of elastic/kibana (status, spaces, saved objects, data views) and after how
the routes behave: the status is redacted for whoever is not known, an import answers 200 whatever became of it, writes
nothing when a reference is missing or an object ambiguous, gives an object a new id where another space has the old one,
and takes objects for spaces that are not there.
"""

from __future__ import annotations

import json
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Key = tuple[str, str, str]  # space, type, id

TYPES = {
    "index-pattern": "8.0.0", "search": "10.5.0", "lens": "8.9.0", "dashboard": "10.3.0", "query": "10.2.0",
    "tag": "8.0.0", "visualization": "8.5.0", "map": "8.4.0",
}  # fmt: skip
_REFERENCES_CHECKED = {"index-pattern", "search"}
_RESOLVABLE = {"conflict", "ambiguous_conflict", "missing_references"}
_NAMES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
_LIMIT = 10_000


class Refusal(Exception):
    """An answer that is no 200."""

    def __init__(self, status: int, message: str = "", **headers: str) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message or _NAMES.get(status, "Error"), headers


@dataclass
class StubKibana:
    """What it is set to do, and what came of the requests."""

    version: str = "9.1.4"
    base: str = ""
    known: set[str] | None = None  # values of Authorization that it knows; None: it has no security
    denied: dict[str, str] = field(default_factory=dict)  # part of a path -> message of a 403
    starting: int = 0  # answers of the server that says it is not ready yet
    levels: list[str] = field(default_factory=list)  # of the next statuses; then available
    busy: list[Refusal] = field(default_factory=list)  # answers to the next calls that are not for the status
    largest: int = 26_214_400
    broken: dict[str, dict[str, Any]] = field(default_factory=dict)  # 'type:id' -> what the store says of it
    dropped: set[str] = field(default_factory=set)  # 'type:id' that the answer does not mention
    warnings: list[dict[str, Any]] = field(default_factory=list)
    spaces: dict[str, str] = field(default_factory=lambda: {"default": "Default"})
    objects: dict[Key, dict[str, Any]] = field(default_factory=dict)
    aliases: dict[Key, str] = field(default_factory=dict)
    default_views: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def in_space(self, space: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The objects of a space by type and id."""
        return {(kind, id): each for (where, kind, id), each in self.objects.items() if where == space}

    def answer(self, method: str, target: str, headers: Message, body: bytes) -> dict[str, Any]:
        """The body of a 200; raises `Refusal` for everything else."""
        if not target.startswith(f"{self.base}/"):
            raise Refusal(404)
        path, _, query = target.removeprefix(self.base).partition("?")
        self.calls.append(f"{method} {path}")
        if self.starting:
            self.starting -= 1
            raise Refusal(503, "Kibana server is not ready yet", Retry_After="30")
        if (method, path) == ("GET", "/api/status"):
            return self._status(headers)
        if self.busy:
            raise self.busy.pop(0)
        self._let_in(method, path, headers)
        space, path = self._split(path)
        return self._route(method, path, space, query, headers, body)

    def _let_in(self, method: str, path: str, headers: Message) -> None:
        if self.known is not None and headers["authorization"] not in self.known:
            raise Refusal(401, "[security_exception]: unable to authenticate")
        if method != "GET" and "kbn-xsrf" not in headers:
            raise Refusal(400, "Request must contain a kbn-xsrf header.")
        for part, message in self.denied.items():
            if part in path:
                raise Refusal(403, message)

    def _split(self, path: str) -> tuple[str, str]:
        found = re.fullmatch(r"/s/([a-z0-9_-]+)(/.*)", path)
        return (found[1], found[2]) if found else ("default", path)

    def _route(
        self, method: str, path: str, space: str, query: str, headers: Message, body: bytes
    ) -> dict[str, Any]:
        if method == "GET" and path.startswith("/api/spaces/space/"):
            return self._space(path.rpartition("/")[2])
        if method != "POST":
            raise Refusal(404)
        if path == "/api/spaces/space":
            return self._make_space(_json_of(headers, body))
        if path == "/api/data_views/default":
            return self._set_default(space, _json_of(headers, body))
        if path == "/api/saved_objects/_import":
            return self._import(space, _options(query), self._file(headers, body))
        raise Refusal(404)

    def _status(self, headers: Message) -> dict[str, Any]:
        level = self.levels.pop(0) if self.levels else "available"
        if level == "unavailable":
            raise Refusal(503, json.dumps(self._overall(level)))
        if self.known is not None and headers["authorization"] not in self.known:
            return {"status": {"overall": {"level": level}}}
        return {
            "name": "kibana", "uuid": "5b2de169", "metrics": {},
            "version": {"number": self.version, "build_flavor": "traditional", "build_snapshot": False},
            **self._overall(level),
        }  # fmt: skip

    def _overall(self, level: str) -> dict[str, Any]:
        overall = {"level": level, "summary": f"All services are {level}"}
        return {"status": {"overall": overall, "core": {}, "plugins": {}}}

    def _space(self, id: str) -> dict[str, Any]:
        if id not in self.spaces:
            raise Refusal(404)
        return {"id": id, "name": self.spaces[id], "disabledFeatures": []}

    def _make_space(self, given: dict[str, Any]) -> dict[str, Any]:
        if not {"id", "name"} <= given.keys() <= {"id", "name", "description", "disabledFeatures", "color"}:
            raise Refusal(400, "[request body]: definition for this key is missing")
        if given["id"] in self.spaces:
            raise Refusal(409, f"A space with the identifier {given['id']} already exists.")
        self.spaces[given["id"]] = given["name"]
        return given

    def _set_default(self, space: str, given: dict[str, Any]) -> dict[str, Any]:
        if "data_view_id" not in given or not given.keys() <= {"data_view_id", "force"}:
            raise Refusal(400, "[request body.data_view_id]: expected at least one defined value")
        if given.get("force") or space not in self.default_views:
            self.default_views[space] = given["data_view_id"]
        return {"acknowledged": True}

    def _file(self, headers: Message, body: bytes) -> list[dict[str, Any]]:
        if len(body) > self.largest:
            message = f"Payload content length greater than maximum allowed: {self.largest}"
            raise Refusal(413, message)
        if not str(headers["content-type"]).startswith("multipart/form-data; boundary="):
            raise Refusal(415, "Unsupported Media Type")
        form = BytesParser().parsebytes(
            b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body
        )
        parts = form.get_payload()
        if not isinstance(parts, list) or len(parts) != 1 or form.defects:
            raise Refusal(400, "Invalid multipart payload format")
        part = parts[0]
        assert isinstance(part, Message)
        if part.get_param("name", header="content-disposition") != "file":
            raise Refusal(400, "[request body.file]: expected value of type [Stream] but got [undefined]")
        suffix = Path(part.get_filename() or "").suffix
        if suffix.lower() != ".ndjson":
            raise Refusal(400, f"Invalid file extension {suffix}")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return [json.loads(line) for line in payload.decode("utf-8").split("\n") if line.strip()]

    def _import(self, space: str, options: set[str], given: list[dict[str, Any]]) -> dict[str, Any]:
        if len(given) > _LIMIT:
            raise Refusal(400, f"Can't import more than {_LIMIT} objects")
        twice = [key for key, number in Counter(map(_key, given)).items() if number > 1]
        if twice:
            raise Refusal(400, f"Non-unique import objects detected: [{','.join(twice)}]")
        errors: list[dict[str, Any]] = []
        targets: dict[str, str] = {}
        for each in given:
            fault = self._fault(each, given, space) or self._target(each, space, options, targets)
            if fault:
                errors.append(_outcome(each, error=fault))
        failed = {_key(each) for each in errors}
        writing = not any(each["error"]["type"] in _RESOLVABLE for each in errors)
        results = []
        for each in given:
            if _key(each) in failed:
                continue
            if writing and (fault := self._stored(each)):
                errors.append(_outcome(each, error=fault))
                continue
            results.append(self._write(each, space, targets[_key(each)], options, writing=writing))
        results = [each for each in results if _key(each) not in self.dropped]
        answer = {"successCount": len(results), "success": not errors, "warnings": self.warnings}
        more = {"successResults": results, "errors": errors}
        return answer | {name: each for name, each in more.items() if each}

    def _fault(self, each: dict[str, Any], given: list[dict[str, Any]], space: str) -> dict[str, Any] | None:
        if each["type"] not in TYPES:
            return {"type": "unsupported_type"}
        here = {_key(other) for other in given} | {f"{kind}:{id}" for kind, id in self.in_space(space)}
        missing = [
            {"type": other["type"], "id": other["id"]}
            for other in each["references"]
            if other["type"] in _REFERENCES_CHECKED and _key(other) not in here
        ]
        return {"type": "missing_references", "references": missing} if missing else None

    def _target(
        self, each: dict[str, Any], space: str, options: set[str], targets: dict[str, str]
    ) -> dict[str, Any] | None:
        """Under which id it will be stored; what is wrong when that cannot be told."""
        kind, id = each["type"], each["id"]
        here = self.in_space(space)
        copies = [
            other for (of, other), stored in here.items() if of == kind and stored.get("originId") == id
        ]
        targets[_key(each)] = id
        if (kind, id) in here:
            return None if "overwrite" in options else {"type": "conflict"}
        if len(copies) > 1:
            return {"type": "ambiguous_conflict", "destinations": [{"id": other} for other in copies]}
        if copies:
            targets[_key(each)] = copies[0]
        elif any((of, other) == (kind, id) for _, of, other in self.objects):
            targets[_key(each)] = f"new-{len(self.objects)}-{len(targets)}"
        return None

    def _stored(self, each: dict[str, Any]) -> dict[str, Any] | None:
        """What the store says of one object: it checks the version, and may refuse."""
        if error := self.broken.get(_key(each)):
            conflict = {"type": "conflict"}
            return conflict if error.get("statusCode") == 409 else {**error, "type": "unknown"}
        newest, version = TYPES[each["type"]], each.get("typeMigrationVersion", "0.0.0")
        if _numbers(version) > _numbers(newest):
            message = f'Document "{each["id"]}" belongs to a more recent version of Kibana [{version}].'
            return {"type": "unknown", "statusCode": 422, "error": "Unprocessable Entity", "message": message}
        return None

    def _write(
        self, each: dict[str, Any], space: str, target: str, options: set[str], *, writing: bool
    ) -> dict[str, Any]:
        replaced = (space, each["type"], target) in self.objects
        moved = target != each["id"]
        if writing:
            self.objects[space, each["type"], target] = each | ({"originId": each["id"]} if moved else {})
            if moved and "compatibilityMode" in options:
                if message := self.denied.get("legacy-url-alias"):
                    raise Refusal(403, message)
                self.aliases[space, each["type"], each["id"]] = target
        more: dict[str, Any] = {"overwrite": True} if replaced else {}
        return _outcome(each, **more, **({"destinationId": target} if moved else {}))


def _key(each: dict[str, Any]) -> str:
    return f"{each['type']}:{each['id']}"


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]


def _outcome(each: dict[str, Any], **more: Any) -> dict[str, Any]:
    meta = {"title": each["attributes"].get("title"), "icon": "dashboardApp"}
    return {"type": each["type"], "id": each["id"], "meta": meta, "managed": False, **more}


def _options(query: str) -> set[str]:
    given = parse_qs(query, strict_parsing=True) if query else {}
    for name, values in given.items():
        if name not in {"overwrite", "createNewCopies", "compatibilityMode"} or values not in (
            ["true"],
            ["false"],
        ):
            raise Refusal(400, f"[request query.{name}]: definition for this key is missing")
    on = {name for name, values in given.items() if values == ["true"]}
    if {"overwrite", "createNewCopies"} <= on:
        raise Refusal(400, "cannot use [overwrite] with [createNewCopies]")
    return on


def _json_of(headers: Message, body: bytes) -> dict[str, Any]:
    if headers["content-type"] != "application/json":
        raise Refusal(415, "Unsupported Media Type")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise Refusal(400, "[request body]: expected a plain object value")
    return found


@contextmanager
def kibana(stub: StubKibana, certificate: Path | None = None) -> Iterator[StubKibana]:
    """Serve it; `stub.url` is its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                self._reply(200, json.dumps(stub.answer(self.command, self.path, self.headers, body)), {})
            except Refusal as refusal:
                bare = refusal.status == 503
                error = {"statusCode": refusal.status, "error": _NAMES.get(refusal.status, "Error")}
                text = refusal.message if bare else json.dumps({**error, "message": refusal.message})
                self._reply(refusal.status, text, refusal.headers)

        def _reply(self, status: int, text: str, headers: dict[str, str]) -> None:
            data = text.encode()
            self.send_response(status)
            for name, value in {"kbn-name": "kibana", "Content-Length": str(len(data)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - names that http.server looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]  # quiet
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        stub.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}{stub.base}"
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc
