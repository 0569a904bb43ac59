"""`Cluster`: the client, and every way a call can fail told as one of our errors with what to do."""

from __future__ import annotations

import json
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from elasticsearch.exceptions import ElasticsearchWarning, GeneralAvailabilityWarning

from index.backend import BackendError, IndexMissing, IndexUnavailable, IndexUnreachable, TimedOut
from index.settings import SettingsError, check_address

if TYPE_CHECKING:
    from pathlib import Path

    from index.settings import ElasticSettings

BUSY = frozenset({408, 429, 500, 502, 503, 504})  # statuses after which the same request may succeed later
ABSENT = frozenset({"index_not_found_exception", "aliases_not_found_exception"})
FOREIGN = frozenset({406, 415})  # what older servers and look-alikes answer to the client's media type
LONGEST_RETRY_AFTER = 3600.0  # seconds; a longer Retry-After is a mistake


class Cluster:
    """One client of a cluster. Bodies come back as plain objects, failures as `BackendError`s."""

    def __init__(self, es: Elasticsearch, place: str, *, plain: bool = False) -> None:
        self.es = es
        self.place = place
        self.plain = plain  # http: who hangs up at once may want https

    @classmethod
    def at(cls, address: str, settings: ElasticSettings) -> Cluster:
        """A client for an address, or several parted by commas. Nothing is sent yet; raises `SettingsError`."""
        # The server's notes on features we don't use; without security it says so at every call.
        warnings.simplefilter("ignore", ElasticsearchWarning)
        warnings.simplefilter("ignore", GeneralAvailabilityWarning)
        hosts = [check_address(each.strip()) for each in address.split(",")]
        if len({host.partition(":")[0] for host in hosts}) > 1:
            raise SettingsError(
                "the addresses of the index mix http and https: credentials would go out in clear"
            )
        _check_authority(settings.ca)
        place = ", ".join(urlsplit(host).netloc for host in hosts)
        try:
            es = Elasticsearch(
                hosts,
                **_credentials(settings),
                **(_authorities(settings.ca) if all(host.startswith("https:") for host in hosts) else {}),
                **_patience(settings, len(hosts)),
            )
        except ValueError as error:
            raise SettingsError(f"Elasticsearch at {place}: {error}") from None
        return cls(es, place, plain=any(host.startswith("http:") for host in hosts))

    def ask(self, call: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
        """Make one call of the client and return the body; see the module for what it raises."""
        with self.translated():
            body = call(**arguments).body
        if not isinstance(body, dict):
            raise IndexUnreachable(f"something else answers at {self.place} in Elasticsearch's place")
        return body

    def look(self, call: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
        """The same for what may be absent (404): the body is empty then."""
        try:
            return self.ask(call, **arguments)
        except Refused as error:
            if error.status != 404:
                raise
            return {}

    def close(self) -> None:
        """Close the connections."""
        self.es.close()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn every failure of a call in here into one of our errors."""
        try:
            yield
        except TlsError as error:
            raise _tls_failure(error, self.place) from None
        except UnsupportedProductError:
            raise IndexUnavailable(
                f"what answers at {self.place} is not Elasticsearch (a proxy?): check the address of the index"
            ) from None
        except ApiError as error:
            raise translate(error, self.place) from None
        except ConnectionTimeout:
            raise TimedOut(
                f"Elasticsearch at {self.place} does not answer in time (timeout, SVODKA_ELASTICSEARCH_TIMEOUT)"
            ) from None
        except NoConnection as error:
            raise IndexUnreachable(
                f"Elasticsearch at {self.place} does not answer: {_reason(error)}{self._hint(error)}"
            ) from None
        except SerializationError:
            raise IndexUnreachable(f"the answer from {self.place} cannot be read: no JSON") from None
        except TransportError as error:
            raise IndexUnreachable(f"Elasticsearch at {self.place}: {_reason(error)}") from None

    def _hint(self, error: NoConnection) -> str:
        """A server that speaks TLS closes a plain connection without a word."""
        hung_up = any(sign in error.message for sign in ("Remote end closed", "Connection reset"))
        return " (if it asks for TLS, the address begins with https://)" if self.plain and hung_up else ""


class Missing(IndexMissing):
    """An index or alias that is not there (404)."""


class Forbidden(IndexUnavailable):
    """The credentials are right and do not allow what was asked (403)."""


class Refused(BackendError):
    """The server will not take a request as it is; `status` and `kind`, the type of its error, say why."""

    def __init__(self, message: str, status: int, kind: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


def translate(error: ApiError, place: str) -> BackendError:
    """The server's refusal as one of our errors."""
    kind, reason = cause(error.body)
    status, where = error.status_code, f"Elasticsearch at {place}"
    if status == 401:
        return IndexUnavailable(
            f"{where} refuses the credentials (401): check SVODKA_ELASTICSEARCH_API_KEY, or "
            "SVODKA_ELASTICSEARCH_USERNAME and _PASSWORD"
        )
    if kind == "index_closed_exception":
        return IndexUnreachable(f"{where}: an index is closed; open it there ({reason})")
    if kind == "cluster_block_exception" and status not in {500, 503}:
        return IndexUnreachable(blocked(reason))
    if status == 403:
        return Forbidden(
            f"{where} forbids it (403): {reason}; docs/elasticsearch.md has the privileges needed"
        )
    if status in BUSY:
        return IndexUnreachable(f"{where} is busy ({status}): {reason}", _after(error))
    if kind in ABSENT:
        return Missing(f"{where} has no such index: {reason}; 'svodka index init' makes it")
    return _foreign(error, kind, place) or Refused(
        f"{where} refuses the request ({status}): {reason}", status, kind
    )


def _foreign(error: ApiError, kind: str, place: str) -> BackendError | None:
    """What shows that no Elasticsearch answers, or one that is too old for the client."""
    status = error.status_code
    if status in FOREIGN or kind == "media_type_header_exception":
        return IndexUnavailable(
            f"what answers at {place} is not Elasticsearch, or older than 8 ({status}); 8.19 or newer is needed"
        )
    if 300 <= status < 400:
        target = urlsplit(error.meta.headers.get("location") or "").netloc.rpartition("@")[2]
        return IndexUnavailable(
            f"{place} leads on to {target or 'another address'} ({status}): make that the address of the index"
        )
    if status == 404 and "x-elastic-product" not in error.meta.headers:
        return IndexUnavailable(f"there is no Elasticsearch at {place} (404): check the address of the index")
    return None


def blocked(reason: str) -> str:
    """What a write block means and what to do, by the words of the server."""
    if "flood" in reason or "read-only-allow-delete" in reason:
        return "the index is read-only because a disk of the cluster is nearly full (flood stage): free space there"
    return (
        "the index takes no writes just now (an upgrade is at work, was killed and has to be run again, or someone "
        f"has blocked it): {reason}"
    )


def cause(body: object) -> tuple[str, str]:
    """Type and reason of an error body, the innermost one; an HTML page of a proxy becomes a short text."""
    found: object = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(found, dict) and "type" in found:
        roots = found.get("root_cause") or [found]
        inner = found.get("caused_by") or roots[0]
        reason = f"{found.get('reason') or roots[0].get('reason') or found.get('type')}"
        if inner.get("reason") and inner["reason"] not in reason:
            reason += f": {inner['reason']}"
        return str(found.get("type", "")), reason
    text = found if isinstance(found, str) else json.dumps(found, default=str)
    return "", "an HTML page" if text.lstrip()[:1] == "<" else text[:200]


def _credentials(settings: ElasticSettings) -> dict[str, Any]:
    if settings.api_key:
        return {"api_key": settings.api_key.get_secret_value()}
    if settings.username and settings.password:
        return {"basic_auth": (settings.username, settings.password.get_secret_value())}
    return {}


def _authorities(ca: Path | None) -> dict[str, Any]:
    """Who may sign the cluster's certificate; it is always verified."""
    if ca:
        return {"ca_certs": str(ca)}
    # The system's authorities, a company's own among them; by itself the client knows those of certifi alone.
    return {"ssl_context": ssl.create_default_context()}


def _patience(settings: ElasticSettings, hosts: int) -> dict[str, Any]:
    """One try a host: what fails waits in the outbox, where the back-off is."""
    return {
        "request_timeout": settings.timeout,
        "max_retries": hosts - 1,
        "retry_on_timeout": hosts > 1,
        "retry_on_status": (502, 503) if hosts > 1 else (),
    }


def _check_authority(ca: Path | None) -> None:
    """Raise `SettingsError` for a file that holds no certificates."""
    if ca is None:
        return
    try:
        ssl.create_default_context(cafile=str(ca))
    except FileNotFoundError:
        raise SettingsError(f"ca {ca}: there is no such file (SVODKA_ELASTICSEARCH_CA)") from None
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"ca {ca}: no certificates in PEM form can be read there ({error.strerror or error})"
        ) from None


def _tls_failure(error: TlsError, place: str) -> BackendError:
    """A wrong certificate or no TLS at all needs someone to act; a connection cut off may be better next time."""
    text = str(error.message)
    if "CERTIFICATE_VERIFY_FAILED" in text or "doesn't match" in text:
        return IndexUnavailable(
            f"Elasticsearch at {place}: its certificate is not signed by an authority known here, or is for "
            f"another name: set SVODKA_ELASTICSEARCH_CA to the PEM file of the right one ({_short(text)})"
        )
    if any(sign in text for sign in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "record layer failure")):
        return IndexUnavailable(f"{place} does not speak TLS: the address there begins with http://")
    if any(sign in text for sign in ("EOF", "reset by peer", "closed", "timed out")):
        return IndexUnreachable(f"Elasticsearch at {place} broke off the TLS connection ({_short(text)})")
    return IndexUnavailable(f"Elasticsearch at {place}: no TLS connection ({_short(text)})")


def _short(text: str) -> str:
    return text.partition("[SSL: ")[2].partition("]")[0] or text[:120]


def _reason(error: TransportError) -> str:
    """The words of the system: 'Connection refused'."""
    text = str(error.message)
    for known in ("Connection refused", "Name or service not known", "Connection reset by peer"):
        if known in text:
            return known.lower()
    return text.rpartition("object at 0x")[2].partition(">: ")[2] or text[:200]


def _after(error: ApiError) -> float | None:
    """Seconds of Retry-After (RFC 9110 section 10.2.3); the form with a date is not used by the server."""
    value = error.meta.headers.get("retry-after") or ""
    return min(float(value), LONGEST_RETRY_AFTER) if value.isdecimal() else None
