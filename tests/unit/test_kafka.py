"""One place makes the clients of Kafka, and it says what is wrong with their settings."""

import ast
import http.server
import json
import ssl
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiokafka.errors import KafkaConnectionError
from faust.auth import OAuthCredentials, SASLCredentials, SSLCredentials
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from pipeline.errors import SetupError
from pipeline.kafka import KafkaClients
from pipeline.kafka_security import EndpointTokens, FileTokens
from pipeline.settings import KafkaSettings, StoreSettings, load
from segmenter.broker import broker_settings
from tests.conftest import ROOT

PACKAGES = (
    "pipeline",
    "store",
    "producer",
    "segmenter",
    "translator",
    "sink",
    "api",
    "embedded",
    "tests",
    "benchmarks",
)
CLIENTS = {"AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient", "AIOKafkaClient", "create_conn"}
SECRET = "open/sesame:please"


def test_nobody_else_makes_a_client() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _called(node) in CLIENTS
    ]
    assert {place.partition(":")[0] for place in found} == {"pipeline/kafka.py"}, found


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", None) or getattr(call.func, "id", ""))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate, keys with and without a password, and secrets."""
    folder = tmp_path_factory.mktemp("files")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=client", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        ["openssl", "ec", "-in", folder / "key.pem", "-aes256", "-passout", f"pass:{SECRET}", "-out", folder / "locked.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "both.pem").write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    (folder / "secret").write_text(SECRET + "\n")
    (folder / "wrong").write_text("wrong")
    (folder / "empty").write_text("")
    return folder


def of(files: Path, **settings: str) -> KafkaClients:
    """Clients with these settings; what ends in _file is looked for in `files`."""
    full = {name: str(files / value) if name.endswith("_file") else value for name, value in settings.items()}
    return KafkaClients.of(KafkaSettings.model_validate({f"kafka_{name}": value for name, value in full.items()}))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"security": "ssl"},
        {"security": "ssl", "ca_file": "cert.pem"},
        {"security": "ssl", "certificate_file": "cert.pem", "key_file": "key.pem"},
        {"security": "ssl", "certificate_file": "both.pem"},
        {"security": "ssl", "certificate_file": "cert.pem", "key_file": "locked.pem", "key_password_file": "secret"},
        {"security": "sasl_plaintext", "sasl_mechanism": "PLAIN", "user": "u", "password_file": "secret"},
        {"security": "sasl_ssl", "sasl_mechanism": "SCRAM-SHA-256", "user": "u", "password_file": "secret"},
        {"security": "sasl_ssl", "sasl_mechanism": "OAUTHBEARER", "token_file": "secret"},
        {
            "security": "sasl_ssl", "sasl_mechanism": "OAUTHBEARER", "token_url": "https://login.example/token",
            "user": "u", "password_file": "secret", "token_scope": "kafka", "sasl_extensions": "logicalCluster=lkc-1",
        },
    ],
)  # fmt: skip
async def test_all_clients_get_the_same(files: Path, settings: dict[str, str]) -> None:
    clients = of(files, **settings)
    options = clients.security.options()
    assert options["security_protocol"] == settings.get("security", "plaintext").upper()
    assert SECRET not in repr(clients)
    consumer, producer, admin = clients.consumer(), clients.producer(), clients.admin()
    for client in (consumer, producer, admin):
        made: Any = client._client if hasattr(client, "_client") else client.client
        assert made._security_protocol == options["security_protocol"]
        assert made._ssl_context is options["ssl_context"]
        assert made._sasl_plain_password == options.get("sasl_plain_password")
        assert made._sasl_oauth_token_provider is options.get("sasl_oauth_token_provider")
    await consumer.stop()
    await producer.stop()
    await admin.close()
    faust = broker_settings(clients)
    assert faust["broker"] == "kafka://localhost:9092"
    credentials = faust["broker_credentials"]
    assert SECRET not in repr(credentials)
    given = {name: value for name, value in options.items() if value is not None}
    assert {
        name: str(value) if name == "sasl_mechanism" else value
        for name, value in credentials_to_aiokafka_auth(credentials).items()
        if value is not None
    } == given


def test_faust_knows_what_is_what(files: Path) -> None:
    def credentials(**settings: str) -> Any:
        return broker_settings(of(files, **settings))["broker_credentials"]

    assert credentials() is None
    assert isinstance(credentials(security="ssl"), SSLCredentials)
    login = {"security": "sasl_ssl", "user": "u", "password_file": "secret", "sasl_mechanism": "PLAIN"}
    assert isinstance(credentials(**login), SASLCredentials)
    token = {"security": "sasl_ssl", "token_file": "secret", "sasl_mechanism": "OAUTHBEARER"}
    assert isinstance(credentials(**token), OAuthCredentials)


def test_faust_gets_every_address() -> None:
    assert broker_settings(KafkaClients("a:1,b:2"))["broker"] == "kafka://a:1;kafka://b:2"


LOGIN = {"security": "sasl_ssl", "sasl_mechanism": "PLAIN", "user": "u", "password_file": "secret"}
CERTIFICATE = {"security": "ssl", "certificate_file": "cert.pem", "key_file": "key.pem"}
TOKEN = {"security": "sasl_ssl", "sasl_mechanism": "OAUTHBEARER"}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"ca_file": "cert.pem"}, "SATZSTROM_KAFKA_CA_FILE is set, but SATZSTROM_KAFKA_SECURITY is plaintext"),
        ({"security": "sasl_plaintext", "ca_file": "cert.pem"}, "SATZSTROM_KAFKA_CA_FILE"),
        ({"security": "ssl", "user": "u"}, "SATZSTROM_KAFKA_USER is set, but SATZSTROM_KAFKA_SECURITY is ssl"),
        ({"password_file": "secret"}, "SATZSTROM_KAFKA_PASSWORD_FILE"),
        ({"security": "ssl", "ca_file": "missing"}, "SATZSTROM_KAFKA_CA_FILE: cannot read"),
        ({"security": "ssl", "ca_file": "secret"}, "SATZSTROM_KAFKA_CA_FILE: cannot read"),
        ({"security": "ssl", "key_file": "key.pem"}, "SATZSTROM_KAFKA_CERTIFICATE_FILE"),
        ({"security": "ssl", "certificate_file": "cert.pem"}, "SATZSTROM_KAFKA_KEY_FILE"),
        (CERTIFICATE | {"key_file": "missing"}, "SATZSTROM_KAFKA_KEY_FILE"),
        (CERTIFICATE | {"key_file": "locked.pem"}, "set SATZSTROM_KAFKA_KEY_PASSWORD_FILE"),
        (CERTIFICATE | {"key_file": "locked.pem", "key_password_file": "wrong"}, "SATZSTROM_KAFKA_KEY_PASSWORD_FILE"),
        ({"security": "sasl_ssl"}, "SATZSTROM_KAFKA_SASL_MECHANISM"),
        ({"security": "sasl_ssl", "sasl_mechanism": "PLAIN", "password_file": "secret"}, "set SATZSTROM_KAFKA_USER"),
        ({"security": "sasl_ssl", "sasl_mechanism": "PLAIN", "user": "u"}, "set SATZSTROM_KAFKA_PASSWORD_FILE"),
        (LOGIN | {"password_file": "missing"}, "SATZSTROM_KAFKA_PASSWORD_FILE: cannot read"),
        (LOGIN | {"password_file": "empty"}, "SATZSTROM_KAFKA_PASSWORD_FILE"),
        (LOGIN | {"token_file": "secret"}, "SATZSTROM_KAFKA_TOKEN_FILE is for OAUTHBEARER"),
        (TOKEN, "set either SATZSTROM_KAFKA_TOKEN_FILE or SATZSTROM_KAFKA_TOKEN_URL"),
        (TOKEN | {"token_file": "secret", "token_url": "https://a/"}, "set either SATZSTROM_KAFKA_TOKEN_FILE or"),
        (TOKEN | {"token_file": "secret", "user": "u"}, "SATZSTROM_KAFKA_USER is for SATZSTROM_KAFKA_TOKEN_URL"),
        (TOKEN | {"token_file": "missing"}, "SATZSTROM_KAFKA_TOKEN_FILE"),
        (TOKEN | {"token_url": "https://a/", "user": "u"}, "set SATZSTROM_KAFKA_PASSWORD_FILE"),
        (TOKEN | {"token_file": "secret", "sasl_extensions": "x"}, "SATZSTROM_KAFKA_SASL_EXTENSIONS"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_named(files: Path, settings: dict[str, str], named: str) -> None:
    with pytest.raises(SetupError, match=named) as raised:
        of(files, **settings)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("address", ["host:port", "[::1", "a:1,b:c"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    with pytest.raises(SetupError, match="SATZSTROM_KAFKA: "):
        KafkaClients.of(KafkaSettings(kafka=address))


def test_bad_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATZSTROM_KAFKA_TOKEN_URL", f"https://client:{SECRET}@login.example/")
    monkeypatch.setenv("SATZSTROM_KAFKA_SECURITY", "tls")
    with pytest.raises(SetupError, match="SATZSTROM_KAFKA_TOKEN_URL") as raised:
        load(KafkaSettings)
    assert "it is 'tls'" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_settings_show_no_connection_string() -> None:
    assert SECRET not in repr(StoreSettings(mongodb=f"mongodb://user:{SECRET}@host/"))


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATZSTROM_KAFKA_CA_FILE", "")
    monkeypatch.setenv("SATZSTROM_KAFKA_SASL_MECHANISM", "")
    assert load(KafkaSettings) == KafkaSettings()


async def test_a_token_is_read_anew_for_each_connection(tmp_path: Path) -> None:
    path = tmp_path / "token"
    tokens = FileTokens(path, {})
    for token in ("first", "second"):
        path.write_text(f"{token}\n")
        assert await tokens.token() == token
    path.unlink()
    with pytest.raises(KafkaConnectionError, match="SATZSTROM_KAFKA_TOKEN_FILE"):
        await tokens.token()


class TokenEndpoint(http.server.BaseHTTPRequestHandler):
    """Gives tokens for one client."""

    lifetime: ClassVar[int] = 3600
    given: ClassVar[int] = 0

    def do_POST(self) -> None:
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        known = form["grant_type"] == "client_credentials" and form["client_secret"] == SECRET
        type(self).given += 1
        body = json.dumps({"access_token": f"{form['scope']}{self.given}", "expires_in": self.lifetime}).encode()
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(body if known else f"wrong: {form['client_secret']}".encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), TokenEndpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/token"
        server.shutdown()
        thread.join()


async def test_a_token_is_fetched_and_kept_until_it_ends(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenEndpoint, "given", 0)
    tokens = EndpointTokens(endpoint, "client", SECRET, "scope", {"logicalCluster": "lkc-1"})
    assert [await tokens.token(), await tokens.token()] == ["scope1", "scope1"]
    assert tokens.extensions() == {"logicalCluster": "lkc-1"}
    monkeypatch.setattr(TokenEndpoint, "lifetime", 10)
    short = EndpointTokens(endpoint, "client", SECRET, "scope", {})
    assert [await short.token(), await short.token()] == ["scope2", "scope3"]


async def test_who_gets_no_token_hears_why_and_no_secret(endpoint: str) -> None:
    for url in (endpoint, "http://127.0.0.1:1/"):
        with pytest.raises(KafkaConnectionError, match="gives no token") as raised:
            await EndpointTokens(url, "client", "not-" + SECRET, "scope", {}).token()
        assert SECRET not in str(raised.value)


def test_a_context_checks_names(files: Path) -> None:
    context = of(files, security="ssl").security.context
    assert context is not None
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
