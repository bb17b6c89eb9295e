"""Where Faust finds Kafka and how it logs in there: as every other client of the pipeline."""

from typing import Any

from faust.auth import Credentials, OAuthCredentials, SASLCredentials, SSLCredentials

from pipeline.kafka import METADATA_MAX_AGE, KafkaClients


def broker_settings(kafka: KafkaClients) -> dict[str, Any]:
    """Return the settings of a Faust app that concern its broker."""
    return {
        "broker": f"kafka://{kafka.address.replace(',', ';kafka://')}",
        "broker_credentials": _credentials(kafka),
        "consumer_metadata_max_age_ms": METADATA_MAX_AGE,
    }


def _credentials(kafka: KafkaClients) -> Credentials | None:
    security = kafka.security
    if security.tokens is not None:
        return OAuthCredentials(oauth_cb=security.tokens, ssl_context=security.context)
    if security.mechanism is not None:
        return SASLCredentials(
            mechanism=security.mechanism,
            username=security.user,
            password=security.password,
            ssl_context=security.context,
        )
    return SSLCredentials(security.context) if security.context is not None else None
