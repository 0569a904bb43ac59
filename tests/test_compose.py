"""`compose.yaml`: what can be tried without Docker is run for real, the rest is checked as facts.

The commands of its services run in a folder laid out as in the images, `elasticsearch-certutil` being the very
class that the image's script calls, and against a secured node.
"""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import elasticsearch
import pytest
import yaml

from tests.nodes.live import LiveNode
from tests.nodes.shared import SharedNodes

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = ("elasticsearch", "kibana")
PASSING = ("certificates", "kibana-password")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}")
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


def variables() -> dict[str, set[tuple[str, str]]]:
    """Name of each variable to how it is written: ("?", message) or ("-", default)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for name, kind, text in VARIABLE.findall(TEXT):
        found.setdefault(name, set()).add((kind, text))
    return found


def test_services_and_their_order() -> None:
    assert set(SERVICES) == {*LASTING, *PASSING}
    conditions = {
        (name, needed): each["condition"]
        for name, service in SERVICES.items()
        for needed, each in service.get("depends_on", {}).items()
    }
    assert conditions == {
        ("elasticsearch", "certificates"): "service_completed_successfully",
        ("kibana-password", "elasticsearch"): "service_healthy",
        ("kibana", "elasticsearch"): "service_healthy",
        ("kibana", "kibana-password"): "service_completed_successfully",
    }


@pytest.mark.parametrize("name", LASTING)
def test_lasting_services_are_looked_after(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "start_period", "retries"} <= service["healthcheck"].keys()
    assert any(volume.startswith(f"{name}:") for volume in service["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


@pytest.mark.parametrize("name", PASSING)
def test_passing_services_end_and_open_no_port(name: str) -> None:
    assert SERVICES[name]["restart"] == "no"
    assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_and_bounded(name: str) -> None:
    assert re.fullmatch(
        r"docker\.elastic\.co/(elasticsearch/elasticsearch|kibana/kibana):\$\{ELASTIC_VERSION:-9\.\d+\.\d+\}",
        SERVICES[name]["image"],
    )
    assert SERVICES[name]["mem_limit"]
    named = {volume.partition(":")[0] for volume in SERVICES[name]["volumes"]}
    assert named <= COMPOSE["volumes"].keys()


def test_no_secret_stands_in_the_file() -> None:
    secrets = {
        f"{name}.{key}": value
        for name, service in SERVICES.items()
        for key, value in service.get("environment", {}).items()
        if re.search("PASSWORD|ENCRYPTION", key)
    }
    assert len(secrets) == 8
    for value in secrets.values():
        assert re.fullmatch(
            r"\$\{(ELASTIC_PASSWORD|KIBANA_PASSWORD|KIBANA_ENCRYPTION_KEY):\?set it in \.env.*\}", value
        )


def test_example_names_every_variable_and_its_default() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    required = dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE))
    optional = dict(re.findall(r"^#(\w+)=(.*)$", example, re.MULTILINE))
    found = variables()
    assert required == {name: "" for name, uses in found.items() if {kind for kind, _ in uses} == {"?"}}
    assert {name: {("-", value)} for name, value in optional.items()} == {
        name: uses for name, uses in found.items() if name not in required
    }


def test_filled_in_env_is_ignored_by_git() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_security_is_on() -> None:
    settings = SERVICES["elasticsearch"]["environment"]
    assert settings["xpack.security.enabled"] == settings["xpack.security.http.ssl.enabled"] == "true"
    kibana = SERVICES["kibana"]["environment"]
    assert kibana["ELASTICSEARCH_HOSTS"].startswith("https://")
    assert kibana["ELASTICSEARCH_USERNAME"] == "kibana_system"
    assert kibana["TELEMETRY_OPTIN"] == "false"


@pytest.mark.elasticsearch
@pytest.mark.skipif(shutil.which("unzip") is None, reason="needs unzip")
def test_certificates_are_made_once_and_fit(tmp_path: Path, nodes: SharedNodes) -> None:
    certs = lay_out(tmp_path, nodes)
    (certs / "new").mkdir()  # as a run that was stopped leaves it
    (certs / "ca").mkdir()
    said = run_command("certificates", tmp_path)
    assert said.returncode == 0, said.stderr
    made = {str(path.relative_to(certs)): path.stat().st_mode & 0o777 for path in certs.rglob("*.*")}
    assert made == {"ca/ca.crt": 0o644, "ca/ca.key": 0o600, "node/node.crt": 0o644, "node/node.key": 0o640}
    assert sorted(each.name for each in certs.iterdir()) == ["ca", "node"]
    context = ssl.create_default_context(cafile=str(certs / "ca" / "ca.crt"))
    assert len(context.get_ca_certs()) == 1
    context.load_cert_chain(certs / "node" / "node.crt", certs / "node" / "node.key")
    names = subprocess.run(
        ["openssl", "x509", "-in", certs / "node" / "node.crt", "-noout", "-ext", "subjectAltName"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert all(each in names for each in ("DNS:elasticsearch", "DNS:localhost", "IP Address:127.0.0.1"))

    before = (certs / "ca" / "ca.crt").read_bytes()
    again = run_command("certificates", tmp_path)
    assert (again.returncode, again.stdout) == (0, "the certificates are there\n")
    assert (certs / "ca" / "ca.crt").read_bytes() == before


@needs_curl
@pytest.mark.elasticsearch
def test_kibana_gets_its_password(tmp_path: Path, secured_node: LiveNode) -> None:
    environ = point_curl_at(secured_node, tmp_path)
    for password in ("kibana-one", "kibana-two"):  # again with a changed .env
        done = run_command("kibana-password", tmp_path, **environ, KIBANA_PASSWORD=password)
        assert done.returncode == 0, done.stdout + done.stderr
        with elasticsearch.Elasticsearch(
            secured_node.url, ca_certs=str(secured_node.access.ca), basic_auth=("kibana_system", password)
        ) as kibana:
            assert kibana.security.authenticate()["username"] == "kibana_system"


@needs_curl
@pytest.mark.elasticsearch
def test_elasticsearch_is_healthy_with_the_right_password_only(
    tmp_path: Path, secured_node: LiveNode
) -> None:
    environ = point_curl_at(secured_node, tmp_path)
    check = SERVICES["elasticsearch"]["healthcheck"]["test"]
    assert check[0] == "CMD-SHELL"
    assert run_shell(["sh", "-c", check[1]], tmp_path, environ).returncode == 0
    assert (
        run_shell(["sh", "-c", check[1]], tmp_path, environ | {"ELASTIC_PASSWORD": "wrong"}).returncode != 0
    )


def lay_out(folder: Path, nodes: SharedNodes) -> Path:
    """The folder of the image: its `bin/elasticsearch-certutil` and an empty `config/certs`, which is returned."""
    server = nodes.server("9")
    libraries = "modules/x-pack-core,modules/x-pack-security,lib/tools/security-cli"
    script = (
        f"exec '{server.java.executable}' -Dcli.name=certutil -Dcli.script=bin/elasticsearch-certutil "
        f"-Dcli.libs={libraries} -Des.path.home='{server.home}' -Des.path.conf='{server.home}/config' "
        f"-Des.distribution.type=zip -cp '{server.home}/lib/*:{server.home}/lib/cli-launcher/*' "
        'org.elasticsearch.launcher.CliToolLauncher "$@"'
    )
    tool = folder / "bin" / "elasticsearch-certutil"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    tool.chmod(0o755)
    certs = folder / "config" / "certs"
    certs.mkdir(parents=True)
    return certs


def point_curl_at(node: LiveNode, folder: Path) -> dict[str, str]:
    """Give curl the names that hold inside the containers; returns the environment of the service there."""
    authority = folder / "config" / "certs" / "ca" / "ca.crt"
    authority.parent.mkdir(parents=True)
    shutil.copyfile(node.access.ca or "", authority)
    address = node.url.removeprefix("https://")
    there = [f'connect-to = "{name}:9200:{address}"' for name in ("elasticsearch", "localhost")]
    (folder / ".curlrc").write_text("\n".join(there), "ascii")
    with node.client() as client:
        client.security.change_password(username="elastic", password=node.password)
    return {"CURL_HOME": str(folder), "ELASTIC_PASSWORD": node.password or ""}


def run_command(name: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a service's command as its container would."""
    return run_shell(SERVICES[name]["command"], folder, environ)


def run_shell(command: list[str], folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    unescaped = [each.replace("$$", "$") for each in command]  # `$$` is how Compose writes a `$`
    environment = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run(unescaped, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
