"""TLS and a first user for a node, without any tool of Elasticsearch's."""

from __future__ import annotations

import base64
import hashlib
import secrets
from pathlib import Path
from typing import Any

import trustme

ADMIN = "admin"
_ROUNDS = 1000

SECURITY_SETTINGS: dict[str, Any] = {
    "xpack.security.enabled": True,
    "xpack.security.enrollment.enabled": False,
    "xpack.security.http.ssl.enabled": True,
    "xpack.security.http.ssl.key": "node.key",
    "xpack.security.http.ssl.certificate": "node.pem",
    "xpack.security.http.ssl.certificate_authorities": ["ca.pem"],
}
"""Elasticsearch reference, "Security settings": names of files are relative to `config/`."""


def secure(config: Path) -> str:
    """Write certificates and a superuser into `config/` unless they are there; returns the user's password."""
    secret = config / "password"
    if not secret.exists():
        config.mkdir(parents=True)
        _write_certificates(config)
        secret.write_text(secrets.token_urlsafe(18), "ascii")
        (config / "users").write_text(f"{ADMIN}:{_hashed(secret.read_text('ascii'))}\n", "ascii")
        (config / "users_roles").write_text(f"superuser:{ADMIN}\n", "ascii")
    return secret.read_text("ascii")


def _write_certificates(config: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert(
        "localhost", "127.0.0.1", "elasticsearch"
    )  # the last is its name in compose.yaml
    authority.cert_pem.write_to_path(str(config / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(config / "node.key"))
    certificate.cert_chain_pems[0].write_to_path(str(config / "node.pem"))


def _hashed(password: str) -> str:
    """PBKDF2 with HMAC-SHA512, as the file realm reads it (`xpack.security.authc.password_hashing.algorithm`)."""
    salt = secrets.token_bytes(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, dklen=32)
    return f"{{PBKDF2}}{_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"
