"""A pipeline on a Kafka and a MongoDB that let nobody in without TLS and a login, and what is said to who is not let in."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from pipeline import create_topics
from pipeline.create_topics import TopicSettings
from pipeline.errors import SetupError
from pipeline.kafka import KafkaClients
from pipeline.settings import KafkaSettings, StoreSettings
from store.collections import connect
from tests.conftest import ROOT
from tests.integration.flow import run_flow
from tests.integration.secure import (
    DATABASE,
    PASSWORD,
    USER,
    Secure,
    docker_secure_servers,
    embedded_secure_servers,
)
from tests.integration.servers import docker_answers
from tests.speed import Stopwatch

# Far below the time for which a service waits for servers that are away.
AT_ONCE = 10.0
SETUP_FAILED = 78
TEXT = "Guten Morgen. Es ist spät."


@pytest.fixture(scope="module")
async def secure(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Secure]:
    folder = tmp_path_factory.mktemp("secure")
    async with docker_secure_servers(folder) if docker_answers() else embedded_secure_servers(folder) as running:
        yield running


async def pipeline(secure: Secure, prefix: str, mechanism: str) -> StoreSettings:
    """Return a service's settings, with topics of their own."""
    common = secure.kafka(mechanism) | {"topic_prefix": prefix, "start_timeout": 20}
    await create_topics.run(TopicSettings(**common, replication=1), asyncio.Event())
    return StoreSettings(**common, **secure.store())


async def test_a_document_goes_through_with_a_login(secure: Secure) -> None:
    # The command line knows no prefix of topics.
    async with run_flow(await pipeline(secure, "", "SCRAM-SHA-512")) as flow:
        answer = await flow.http.post("/v1/documents", json={"text": TEXT, "id": "posted"})
        assert answer.status_code == 202, answer.text
        assert await flow.text("posted") == TEXT.encode()
        login = secure.kafka()
        environment = os.environ | {f"SATZSTROM_{name.upper()}": value for name, value in login.items()}
        sent = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "producer", "submit", "-", "--id", "sent", "--kafka", login["kafka"]],
            cwd=ROOT, env=environment, input=TEXT.encode(), capture_output=True, check=False,
        )  # fmt: skip
        assert sent.returncode == 0, sent.stderr
        assert await flow.text("sent") == TEXT.encode()


async def test_a_document_goes_through_with_a_certificate(secure: Secure) -> None:
    async with run_flow(await pipeline(secure, "certificate.", "")) as flow:
        answer = await flow.http.post("/v1/documents", json={"text": TEXT, "id": "certified"})
        assert answer.status_code == 202, answer.text
        assert await flow.text("certified") == TEXT.encode()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", ""])
async def test_every_way_in(secure: Secure, mechanism: str) -> None:
    await KafkaClients.of(KafkaSettings(**secure.kafka(mechanism))).topics()


async def refusal(kind: type[Exception], settings: dict[str, Any]) -> str:
    """Return what is said to somebody who is not let in."""
    watch = Stopwatch()
    with pytest.raises(kind) as raised:
        await KafkaClients.of(KafkaSettings(**settings)).topics()
    watch.check(AT_ONCE)
    assert PASSWORD not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_wrong_password(secure: Secure, mechanism: str) -> None:
    said = await refusal(SetupError, secure.kafka(mechanism) | {"kafka_password_file": secure.file("wrong-password")})
    assert "refuses the login" in said
    assert "SATZSTROM_KAFKA_PASSWORD_FILE" in said


async def test_a_token_that_has_ended(secure: Secure) -> None:
    said = await refusal(SetupError, secure.kafka("OAUTHBEARER") | {"kafka_token_file": secure.file("old-token")})
    assert "refuses the token" in said
    assert "SATZSTROM_KAFKA_TOKEN_FILE" in said


@pytest.mark.parametrize("changed", [{"kafka_ca_file": "other-ca.pem"}, {"kafka_ca_file": None}])
async def test_a_certificate_that_is_not_trusted(secure: Secure, changed: dict[str, str | None]) -> None:
    paths = {name: value and secure.file(value) for name, value in changed.items()}
    said = await refusal(SetupError, secure.kafka() | paths)
    assert "is not trusted" in said
    assert "SATZSTROM_KAFKA_CA_FILE" in said


async def test_a_client_without_its_certificate(secure: Secure) -> None:
    known = {name: value for name, value in secure.kafka("").items() if "cert" not in name and "key" not in name}
    assert "SATZSTROM_KAFKA_CERTIFICATE_FILE" in await refusal(SetupError, known)


async def test_a_login_where_none_is_taken(secure: Secure) -> None:
    said = await refusal(SetupError, secure.kafka("") | secure.kafka() | {"kafka": secure.mutual})
    assert "SATZSTROM_KAFKA_SECURITY" in said


async def test_the_wrong_listener_is_hinted_at(secure: Secure) -> None:
    # A broker that stops breaks connections off, too; so these go on to wait.
    for settings in ({"kafka": secure.sasl}, secure.kafka() | {"kafka": secure.plain}):
        assert "SATZSTROM_KAFKA_SECURITY" in await refusal(KafkaConnectionError, settings)


async def test_a_service_that_is_not_let_in_ends_at_once_and_says_why(secure: Secure) -> None:
    settings = secure.kafka("PLAIN") | {"kafka_password_file": secure.file("wrong-password"), "log_level": "DEBUG"}
    environment = os.environ | {f"SATZSTROM_{name.upper()}": value for name, value in settings.items()}
    for command in ("translator", "segmenter", "pipeline.create_topics"):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", command, cwd=ROOT, env=environment | {"SATZSTROM_ENGINE": "identity"},
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await asyncio.wait_for(process.communicate(), 50)
        assert process.returncode == SETUP_FAILED, errors
        assert b"refuses the login" in errors
        assert b"let me in" not in errors


async def mongodb_refusal(settings: dict[str, Any]) -> str:
    watch = Stopwatch()
    with pytest.raises(SetupError) as raised:
        await connect(StoreSettings(**settings))
    watch.check(AT_ONCE)
    assert PASSWORD not in str(raised.value)
    return str(raised.value)


async def test_mongodb_with_a_wrong_password(secure: Secure) -> None:
    said = await mongodb_refusal(secure.store() | {"mongodb_password_file": secure.file("wrong-password")})
    assert "refuses the login" in said
    assert "SATZSTROM_MONGODB_PASSWORD_FILE" in said


async def test_mongodb_without_a_login(secure: Secure) -> None:
    assert "SATZSTROM_MONGODB_USER" in await mongodb_refusal(secure.store() | {"mongodb_user": ""})


async def test_mongodb_with_another_database(secure: Secure) -> None:
    said = await mongodb_refusal(secure.store() | {"database": "others"})
    assert "readWrite on SATZSTROM_DATABASE" in said


async def test_mongodb_with_a_certificate_that_is_not_trusted(secure: Secure) -> None:
    settings = secure.store()
    changed = {"mongodb": settings["mongodb"].replace("ca.pem", "other-ca.pem")}
    assert "not trusted" in await mongodb_refusal(settings | changed)
    missing = {"mongodb": settings["mongodb"].replace("ca.pem", "missing.pem")}
    assert "SATZSTROM_MONGODB" in await mongodb_refusal(settings | missing)


async def test_the_user_of_the_tests_may_do_nothing_elsewhere(secure: Secure) -> None:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        secure.store()["mongodb"], username=USER, password=PASSWORD
    )
    async with client:
        await client[DATABASE].probe.insert_one({})
        with pytest.raises(OperationFailure, match="not authorized"):
            await client.others.probe.insert_one({})
        with pytest.raises(OperationFailure, match="not authorized"):
            await client[DATABASE].command("dropDatabase")
