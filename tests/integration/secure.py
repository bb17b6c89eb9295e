"""A Kafka and a MongoDB that talk to nobody without TLS and a login."""

import asyncio
import base64
import json
import os
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient

from embedded.java import find_java, kafka_jars
from embedded.kafka import Kafka
from embedded.mongodb import MongoDB, find_mongod
from embedded.ports import LOOPBACK, free_port
from store.replica_set import REPLICA_SET, initiate, let_in
from tests.integration.servers import BROKER_IN_CONTAINER, KAFKA_IMAGE, MONGO_IMAGE, kafka_answers
from tests.waiting import eventually

USER = "satzstrom"
# With what has a meaning in connection strings and in the settings of servers.
PASSWORD = "p:/@ss,w=rd% 1"
ROOT = "root"
DATABASE = "secured"


@dataclass(frozen=True)
class Secure:
    """Where the servers are, and the files to reach them with."""

    folder: Path
    sasl: str
    """Address of the listener that wants TLS and a login."""
    mutual: str
    """Address of the listener that wants a certificate of the client."""
    plain: str
    """Address of the listener that wants neither."""
    mongodb: str
    """Address of MongoDB, host:port."""

    def file(self, name: str) -> str:
        """Return the path of a file."""
        return str(self.folder / name)

    def kafka(self, mechanism: str = "SCRAM-SHA-512") -> dict[str, Any]:
        """Return settings that let a service in; "" for a client with a certificate."""
        if not mechanism:
            return {
                "kafka": self.mutual,
                "kafka_security": "ssl",
                "kafka_ca_file": self.file("ca.pem"),
                "kafka_certificate_file": self.file("client.pem"),
                "kafka_key_file": self.file("client.key"),
                "kafka_key_password_file": self.file("password"),
            }
        login = {"kafka_user": USER, "kafka_password_file": self.file("password")}
        return {
            "kafka": self.sasl,
            "kafka_security": "sasl_ssl",
            "kafka_ca_file": self.file("ca.pem"),
            "kafka_sasl_mechanism": mechanism,
        } | ({"kafka_token_file": self.file("token")} if mechanism == "OAUTHBEARER" else login)

    def store(self) -> dict[str, Any]:
        """Return settings that let a service into MongoDB."""
        options = f"directConnection=true&authSource=admin&tls=true&tlsCAFile={quote(self.file('ca.pem'))}"
        return {
            "mongodb": f"mongodb://{self.mongodb}/?{options}",
            "mongodb_user": USER,
            "mongodb_password_file": self.file("password"),
            "database": DATABASE,
        }


def write_files(folder: Path) -> None:
    """Write certificates of one authority for a server and a client, another authority's, and secrets."""
    folder.mkdir(parents=True, exist_ok=True)
    for authority in ("ca", "other-ca"):
        _openssl(
            folder, "req", "-x509", *_new_key(f"{authority}.key"), "-noenc", "-days", "2", "-subj", f"/CN={authority}",
            "-out", f"{authority}.pem", "-addext", "keyUsage=critical,keyCertSign",
        )  # fmt: skip
    names = {"server": "subjectAltName=IP:127.0.0.1,DNS:localhost", "client": "extendedKeyUsage=clientAuth"}
    for name, extension in names.items():
        # Java takes a key from a file without a password only if it is in PKCS #8, as openssl writes it.
        locked = ["-noenc"] if name == "server" else ["-passout", f"pass:{PASSWORD}"]
        _openssl(
            folder, "req", "-x509", *_new_key(f"{name}.key"), *locked, "-days", "2", "-subj", f"/CN={name}",
            "-CA", "ca.pem", "-CAkey", "ca.key", "-out", f"{name}.pem", "-addext", extension,
            "-addext", "basicConstraints=critical,CA:FALSE",
        )  # fmt: skip
    (folder / "server-both.pem").write_text((folder / "server.key").read_text() + (folder / "server.pem").read_text())
    (folder / "password").write_text(f"{PASSWORD}\n")
    (folder / "wrong-password").write_text("let me in")
    (folder / "token").write_text(token(3600))
    (folder / "old-token").write_text(token(-3600))
    (folder / "keyfile").write_text(secrets.token_hex(64))
    (folder / "keyfile").chmod(0o400)


def _new_key(path: str) -> list[str]:
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", path]


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def token(seconds: float) -> str:
    """Return a bearer token as the broker takes it in tests: without a signature."""
    now = time.time()
    parts = ({"alg": "none"}, {"sub": USER, "iat": min(now, now + seconds - 1), "exp": now + seconds})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def broker_properties(files: str) -> dict[str, str]:
    """Return the broker's settings for its listeners SASL_SSL and SSL; `files`: where it finds its files."""
    modules = "org.apache.kafka.common.security"
    sasl = "listener.name.sasl_ssl"
    quoted = PASSWORD.replace("\\", "\\\\").replace('"', '\\"')
    return {
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": f"{files}/server-both.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": f"{files}/ca.pem",
        "listener.name.ssl.ssl.client.auth": "required",
        f"{sasl}.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
        f"{sasl}.plain.sasl.jaas.config": f'{modules}.plain.PlainLoginModule required user_{USER}="{quoted}";',
        f"{sasl}.scram-sha-256.sasl.jaas.config": f"{modules}.scram.ScramLoginModule required;",
        f"{sasl}.scram-sha-512.sasl.jaas.config": f"{modules}.scram.ScramLoginModule required;",
        f"{sasl}.oauthbearer.sasl.jaas.config": (
            f'{modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";'
        ),
    }


def mongod_options(files: str) -> list[str]:
    """Return mongod's options for TLS and users; `files`: where it finds its files."""
    return [
        "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", f"{files}/server-both.pem", "--tlsCAFile", f"{files}/ca.pem",
        # It asks for a password instead.
        "--tlsAllowConnectionsWithoutCertificates", "--auth", "--keyFile", f"{files}/keyfile",
    ]  # fmt: skip


def _listeners(addresses: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in addresses.items())


def _add_scram_users(tool: list[str], bootstrap: str) -> None:
    """Make the user known to the broker; for PLAIN it is in the broker's own settings."""
    for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
        # The tool splits at commas that are not within brackets, and its text at the first "=".
        subprocess.run(
            [*tool, "--bootstrap-server", bootstrap, "--alter", "--entity-type", "users", "--entity-name", USER,
             "--add-config", f"{mechanism}=[password={PASSWORD}]"],
            check=True, capture_output=True,
        )  # fmt: skip


def _set_up_mongodb(at: str, member: str, authority: str) -> None:
    """Make the node a replica set, and a user that may read and write its own database and nothing elsewhere."""
    root: dict[str, Any] = {"username": ROOT, "password": PASSWORD, "tls": True, "tlsCAFile": authority}
    initiate(f"mongodb://{at}", member=member, patience=90, **root)
    for password in ("an earlier one", PASSWORD):
        let_in(f"mongodb://{at}", USER, password, DATABASE, **root)


def _add_root(folder: Path, port: int) -> None:
    """Make the first user, while the server asks nobody who he is; the container's image does that by itself."""
    folder.mkdir(parents=True)
    command = [find_mongod(), "--dbpath", str(folder), "--port", str(port), "--bind_ip", LOOPBACK, "--nounixsocket"]
    client: MongoClient[dict[str, Any]]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        with MongoClient(f"mongodb://{LOOPBACK}:{port}") as client:
            client.admin.command("createUser", ROOT, pwd=PASSWORD, roles=["root"])
        server.terminate()


@asynccontextmanager
async def embedded_secure_servers(folder: Path) -> AsyncIterator[Secure]:
    """Start the servers that the embedded pipeline uses, with TLS and users."""
    files = folder / "files"
    await asyncio.to_thread(write_files, files)
    taken: set[int] = set()
    sasl, mutual = (f"{LOOPBACK}:{free_port(9192, taken)}" for _ in range(2))
    secured = _listeners({"SASL_SSL": sasl, "SSL": mutual})
    kafka = Kafka(folder / "kafka", folder / "logs", taken, secured, broker_properties(str(files)))
    mongodb = MongoDB(folder / "mongodb", folder / "logs", taken, mongod_options(str(files)))
    await asyncio.to_thread(_add_root, folder / "mongodb", mongodb.port)
    children = [await kafka.prepare(), mongodb.prepare()]
    running = [asyncio.create_task(child.run(lambda: None)) for child in children]
    try:
        at = f"{LOOPBACK}:{mongodb.port}"
        await asyncio.to_thread(_set_up_mongodb, at, at, str(files / "ca.pem"))
        await eventually(lambda: kafka_answers(kafka.bootstrap), within=60, what="Kafka")
        jars = os.pathsep.join(map(str, await asyncio.to_thread(kafka_jars)))
        await asyncio.to_thread(
            _add_scram_users, [find_java(), "-cp", jars, "kafka.admin.ConfigCommand"], kafka.bootstrap
        )
        yield Secure(files, sasl, mutual, kafka.bootstrap, at)
    finally:
        await asyncio.gather(*(child.stop(10) for child in children))
        await asyncio.gather(*running)


@asynccontextmanager
async def docker_secure_servers(folder: Path) -> AsyncIterator[Secure]:
    """Start containers of the images KAFKA_IMAGE and MONGO_IMAGE, with TLS and users."""
    from testcontainers.core.container import DockerContainer

    files = folder / "files"
    await asyncio.to_thread(write_files, files)
    (files / "root-password").write_text(PASSWORD, encoding="utf-8")
    # The servers in the containers are other users.
    files.chmod(0o755)
    for path in files.iterdir():
        path.chmod(0o644)
    taken: set[int] = set()
    inside = {"PLAINTEXT": 9092, "SASL_SSL": 9094, "SSL": 9095}
    outside = {name: f"localhost:{free_port(29192, taken)}" for name in inside}
    properties = {
        "listeners": _listeners({name: f"0.0.0.0:{port}" for name, port in (inside | {"CONTROLLER": 9093}).items()}),
        "advertised.listeners": _listeners(outside),
    } | broker_properties("/files")
    kafka: Any = DockerContainer(KAFKA_IMAGE).with_volume_mapping(str(files), "/files", "ro")
    for name, port in inside.items():
        kafka = kafka.with_bind_ports(port, int(outside[name].rpartition(":")[2]))
    for name, value in BROKER_IN_CONTAINER.items():
        kafka = kafka.with_env(name, value)
    for name, value in properties.items():
        # How the image spells names: https://hub.docker.com/r/apache/kafka.
        variable = name.replace("_", "__").replace("-", "___").replace(".", "_").upper()
        kafka = kafka.with_env(f"KAFKA_{variable}", value)
    options = " ".join(mongod_options("/files")).replace("/files/keyfile", "/tmp/keyfile")
    # mongod takes a key file only from its owner with no rights for others.
    script = (
        f"install -o mongodb -m 400 /files/keyfile /tmp/keyfile && "
        f"exec docker-entrypoint.sh mongod --replSet {REPLICA_SET} --bind_ip_all --wiredTigerCacheSizeGB 0.25 {options}"
    )
    mongodb: Any = (
        DockerContainer(MONGO_IMAGE)
        .with_volume_mapping(str(files), "/files", "ro")
        .with_env("MONGO_INITDB_ROOT_USERNAME", ROOT)
        .with_env("MONGO_INITDB_ROOT_PASSWORD_FILE", "/files/root-password")
        .with_kwargs(entrypoint=["bash", "-c", script])
        .with_exposed_ports(27017)
    )
    with kafka, mongodb:
        at = f"localhost:{mongodb.get_exposed_port(27017)}"
        await asyncio.to_thread(_set_up_mongodb, at, "localhost:27017", str(files / "ca.pem"))
        await eventually(lambda: kafka_answers(outside["PLAINTEXT"]), within=90, what="Kafka")
        # From here: inside of the container the names that the broker tells lead nowhere.
        jars = os.pathsep.join(map(str, kafka_jars()))
        tool = [find_java(), "-cp", jars, "kafka.admin.ConfigCommand"]
        await asyncio.to_thread(_add_scram_users, tool, outside["PLAINTEXT"])
        yield Secure(files, outside["SASL_SSL"], outside["SSL"], outside["PLAINTEXT"], at)
