"""`Kibana`: HTTP to one Kibana. Every way a call can fail is one of our errors, and no error holds a secret.

The connection is that of `elastic_transport`, which comes with the client of Elasticsearch: the certificate is
verified, redirects are not followed, credentials are left out of its log.
"""

from __future__ import annotations

import base64
import json
import secrets
import ssl
from typing import TYPE_CHECKING, Any, Self

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import (
    ConnectionTimeout,
    HttpHeaders,
    NodeConfig,
    TlsError,
    TransportError,
    Urllib3HttpNode,
)

from index.kibana.answer import Answer, Asked, KibanaUnavailable, KibanaUnreachable, fault_of
from index.settings import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from index.kibana.address import Address
    from index.kibana.patience import Patience
    from index.settings import KibanaSettings

_WRONG_CERTIFICATE = ("CERTIFICATE_VERIFY_FAILED", "doesn't match", "Hostname mismatch")
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "record layer failure")
_SYSTEM = (
    "Connection refused",
    "Name or service not known",
    "Connection reset by peer",
    "Network is unreachable",
)


class Kibana:
    """A connection to Kibana. Answers come back as JSON objects, failures as `KibanaUnavailable` (someone has to
    act) or `KibanaUnreachable` (it may go well later)."""

    def __init__(self, address: Address, settings: KibanaSettings, patience: Patience) -> None:
        self.address = address
        self.patience = patience
        self.timeout = settings.timeout
        self._headers, self._secrets = _authorization(settings)
        self._node = Urllib3HttpNode(_node_config(address, settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._node.close()

    @property
    def anonymous(self) -> bool:
        """Whether no credentials are sent."""
        return not self._secrets

    @property
    def exposed(self) -> bool:
        """Whether credentials go out in clear over a network."""
        local = self.address.host in {"localhost", "127.0.0.1", "::1"}
        return not self.anonymous and self.address.scheme == "http" and not local

    def get(self, path: str) -> dict[str, Any]:
        """GET a path below the base path, again while Kibana is busy and there is patience left."""
        return self._insist("GET", path, {}, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST a JSON object; only for what may be done twice."""
        return self._insist("POST", path, {"content-type": "application/json"}, json.dumps(body).encode())

    def post_file(self, path: str, name: str, text: str) -> dict[str, Any]:
        """POST a file in the field `file` of a form (RFC 7578); only for what may be done twice."""
        boundary = secrets.token_hex(16)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/ndjson\r\n\r\n"
        )
        body = f"{head}{text}\r\n--{boundary}--\r\n".encode()
        return self._insist("POST", path, {"content-type": f"multipart/form-data; boundary={boundary}"}, body)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, timeout: float
    ) -> dict[str, Any]:
        """One request, one answer; raises as said at the class."""
        answer = self._send(method, path, headers, body, timeout)
        asked = Asked(self.address, path, anonymous=self.anonymous)
        if fault := fault_of(answer, asked):
            fault.args = (self._clean(str(fault)),)
            raise fault
        return answer.content() or {}

    def _insist(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> dict[str, Any]:
        while True:
            try:
                return self.ask(method, path, headers, body, self.timeout)
            except KibanaUnreachable as error:
                if not error.asked_for_time or not self.patience.pause(error.retry_after):
                    raise

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, timeout: float
    ) -> Answer:
        try:
            reply = self._node.perform_request(
                method,
                path,
                body=body,
                headers=HttpHeaders(
                    {"kbn-xsrf": "true", "accept": "application/json", **self._headers, **headers}
                ),
                request_timeout=timeout,
            )
        except TransportError as error:
            raise self._failure(error, timeout) from None
        found = {name.lower(): value for name, value in reply.meta.headers.items()}
        return Answer(reply.meta.status, found, reply.body)

    def _failure(self, error: TransportError, timeout: float) -> KibanaUnavailable | KibanaUnreachable:
        place, text = self.address.place, str(error.message)
        if isinstance(error, TlsError):
            return _tls_failure(text, place)
        if isinstance(error, ConnectionTimeout):
            return KibanaUnreachable(f"Kibana at {place} does not answer within {timeout:g} s")
        reason = next((each.lower() for each in _SYSTEM if each in text), "")
        hung_up = isinstance(error, NoConnection) and ("Remote end closed" in text or "reset" in reason)
        if hung_up and self.address.scheme == "http":
            reason = "it hangs up; if it asks for TLS, the address begins with https://"
        return KibanaUnreachable(
            f"Kibana at {place} does not answer: {reason or text.rpartition('>: ')[2][:200]}"
        )

    def _clean(self, message: str) -> str:
        """A message in which the server may have repeated what it was sent."""
        for secret in self._secrets:
            message = message.replace(secret, "***")
        return message


def _node_config(address: Address, settings: KibanaSettings) -> NodeConfig:
    secure: dict[str, Any] = {"ssl_context": _authorities(settings.ca)} if address.scheme == "https" else {}
    return NodeConfig(
        address.scheme,
        address.host,
        address.port,
        path_prefix=address.base,
        headers={"user-agent": "svodka"},
        **secure,
    )


def _authorization(settings: KibanaSettings) -> tuple[dict[str, str], list[str]]:
    """The header that says who asks, and every form of the secret in it, the longest first."""
    if settings.api_key:
        key = settings.api_key.get_secret_value()
        return {"authorization": f"ApiKey {key}"}, [key]
    if not (settings.username and settings.password):
        return {}, []
    password = settings.password.get_secret_value()
    pair = base64.b64encode(f"{settings.username}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}, [pair, password]


def _authorities(ca: Path | None) -> ssl.SSLContext:
    """Who may sign Kibana's certificate: those of a file, else those of the system."""
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except FileNotFoundError:
        raise SettingsError(f"ca {ca}: there is no such file (--ca, SVODKA_KIBANA_CA)") from None
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"ca {ca}: no certificates in PEM form can be read there ({error.strerror or error})"
        ) from None


def _tls_failure(text: str, place: str) -> KibanaUnavailable | KibanaUnreachable:
    """A wrong certificate or no TLS needs someone to act; a connection cut off may be better next time."""
    detail = text.partition("[SSL: ")[2].partition("]")[0] or text[:120]
    if any(sign in text for sign in _WRONG_CERTIFICATE):
        return KibanaUnavailable(
            f"Kibana at {place}: its certificate is not signed by an authority known here, or is for another "
            f"name: give the PEM file of the right one with --ca or SVODKA_KIBANA_CA ({detail})"
        )
    if any(sign in text for sign in _NO_TLS):
        return KibanaUnavailable(f"{place} does not speak TLS: the address there begins with http://")
    return KibanaUnreachable(f"Kibana at {place} broke off the TLS connection ({detail})")
