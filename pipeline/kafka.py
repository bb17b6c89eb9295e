"""The one place that makes clients of Kafka, so that each of them reaches it in the same way."""

import ssl
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from pipeline.consumers import read_any_header_name
from pipeline.errors import SetupError
from pipeline.kafka_security import KafkaSecurity
from pipeline.settings import KafkaSettings

_REFUSALS = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
_USER_VARIABLES = "SATZSTROM_KAFKA_SASL_MECHANISM, SATZSTROM_KAFKA_USER and SATZSTROM_KAFKA_PASSWORD_FILE"
_BEARER_VARIABLES = "SATZSTROM_KAFKA_TOKEN_FILE, or SATZSTROM_KAFKA_TOKEN_URL and what belongs to it"
METADATA_MAX_AGE = 30_000
"""Milliseconds after which clients ask again which partitions there are; of themselves they wait for five minutes."""

# Milliseconds that a broker has to answer when a service looks for it at its start.
_CHECK_TIMEOUT = 10_000


@dataclass(frozen=True, slots=True)
class KafkaClients:
    """Makes every client of one Kafka: where it is, whom to trust, and how to log in.

    Without `security`: neither TLS nor a login. Clients belong to the event loop in which they are made.
    """

    address: str
    security: KafkaSecurity = field(default=KafkaSecurity())

    @classmethod
    def of(cls, settings: KafkaSettings) -> "KafkaClients":
        """Return the clients that the settings ask for. Raises `SetupError` that names the variable."""
        try:
            collect_hosts(settings.kafka)
        except ValueError:
            raise SetupError(
                f"SATZSTROM_KAFKA: {settings.kafka!r} is not a list of host:port, separated by commas"
            ) from None
        return cls(settings.kafka, KafkaSecurity.of(settings))

    def consumer(self, **options: Any) -> Any:
        """Return an `AIOKafkaConsumer`; options as it takes them."""
        read_any_header_name()
        return AIOKafkaConsumer(
            bootstrap_servers=self.address, metadata_max_age_ms=METADATA_MAX_AGE, **self.security.options(), **options
        )

    def group_consumer(self, group: str, *, fetch_bytes: int = 128 * 1024) -> Any:
        """Return a consumer for a stage; `fetch_bytes` is how much is fetched of a partition at a time."""
        return self.consumer(
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=fetch_bytes,
            fetch_max_bytes=8 * 1024 * 1024,
            # aiokafka has one fetch at a time under way to a broker; a partition that was being read when it was sent
            # waits for its answer. This is the longest such wait.
            fetch_max_wait_ms=500,
            # A dead member's partitions go to the others after this time.
            session_timeout_ms=6_000,
            heartbeat_interval_ms=2_000,
            # The longest time between two polls. A round of a slow engine can take minutes.
            max_poll_interval_ms=15 * 60_000,
        )

    def producer(self, **options: Any) -> Any:
        """Return an `AIOKafkaProducer`; options as it takes them."""
        return AIOKafkaProducer(
            bootstrap_servers=self.address, metadata_max_age_ms=METADATA_MAX_AGE, **self.security.options(), **options
        )

    def admin(self) -> Any:
        """Return an `AIOKafkaAdminClient`."""
        return AIOKafkaAdminClient(bootstrap_servers=self.address, **self.security.options())

    async def topics(self) -> set[str]:
        """Return the names of all topics that this client may see. Raises as `check`."""
        await self.check()
        client = self._client()
        try:
            await client.bootstrap()
            return set((await client.fetch_all_metadata()).topics())
        finally:
            await client.close()

    async def check(self) -> None:
        """Return when a broker takes this client.

        Raises `SetupError` if it refuses the login, or if a certificate is not trusted: no waiting mends that. Raises
        aiokafka's `KafkaError`, or `OSError`, if none answers. All clients of aiokafka say the same for either.
        """
        problems = [await self._problem(host, port) for host, port, _ in collect_hosts(self.address)]
        if all(problems):
            raise next((it for it in problems if isinstance(it, SetupError)), None) or next(filter(None, problems))
        # The brokers tell under which names they want to be reached; their certificates have to be for these.
        client = self._client()
        try:
            await client.bootstrap()
            brokers = [(broker.host, broker.port) for broker in client.cluster.brokers()]
        finally:
            await client.close()
        for host, port in brokers:
            if isinstance(problem := await self._problem(host, port), SetupError):
                raise problem

    def _client(self) -> Any:
        return AIOKafkaClient(
            bootstrap_servers=self.address, request_timeout_ms=_CHECK_TIMEOUT, **self.security.options()
        )

    async def _problem(self, host: str, port: int) -> Exception | None:
        """Return what keeps this client from a broker; None if nothing does."""
        try:
            connection = await create_conn(host, port, request_timeout_ms=_CHECK_TIMEOUT, **self.security.options())
            try:
                metadata = await connection.send(MetadataRequest([]))
            finally:
                await connection.close()
        except (KafkaError, OSError, ValueError) as error:
            return self._explained(error, f"{host}:{port}")
        if self.security.tokens is not None and not metadata.brokers:
            # aiokafka does not look at what the broker says to a token; one that it does not like gets no answers.
            return SetupError(f"Kafka at {host}:{port} refuses the token; see {_BEARER_VARIABLES}")
        return None

    def _explained(self, error: Exception, broker: str) -> Exception:
        cause = error.__cause__ or error
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SetupError(
                f"the certificate of Kafka at {broker} is not trusted ({cause.verify_message}); "
                "see SATZSTROM_KAFKA_CA_FILE and the name in SATZSTROM_KAFKA"
            )
        if isinstance(cause, ssl.SSLError) and "ALERT" in (cause.reason or ""):
            return SetupError(
                f"Kafka at {broker} refuses this client's certificate, or that it has none ({cause.reason}); "
                "see SATZSTROM_KAFKA_CERTIFICATE_FILE"
            )
        if isinstance(error, IllegalSaslStateError):
            return SetupError(f"Kafka at {broker} takes no login there; see SATZSTROM_KAFKA_SECURITY")
        if isinstance(error, _REFUSALS):
            variables = _BEARER_VARIABLES if self.security.tokens is not None else _USER_VARIABLES
            return SetupError(f"Kafka at {broker} refuses the login ({error.args[0]}); see {variables}")
        if not isinstance(cause, EOFError | ConnectionResetError | ssl.SSLError):
            return error
        # It may be about to start or to stop, so this is worth another try.
        broken_off: Exception = KafkaConnectionError(
            f"{broker} broke the connection off; if it is up, is {self.security.protocol} what it speaks there "
            "(SATZSTROM_KAFKA_SECURITY)?"
        )
        return broken_off
