"""What is said about MongoDB's connection string shows no password."""

import asyncio

import pytest

from pipeline.errors import SetupError
from pipeline.settings import StoreSettings
from store.collections import connect
from store.replica_set import ReplicaSetSettings, run


@pytest.mark.parametrize(
    "connection",
    [
        "mongodb://user:sesame/open@host/",
        "mongodb://user:open@sesame@host/",
        "mongodb://user:open:sesame@host:27017/",
        "mongodb://user:%sesame@host/",
        "mongodb://user:open@host:sesame/",
        "mongodb:/user:sesame@host/",
        "mongodb+srv://user:sesame/open@host/",
        "mongodb://host/?tls=true&tlsCertificateKeyFile=/missing.pem&tlsCertificateKeyFilePassword=sesame",
    ],
)
async def test_no_password_is_shown(connection: str) -> None:
    with pytest.raises(SetupError, match="SATZSTROM_MONGODB") as raised:
        await connect(StoreSettings(mongodb=connection))
    assert "sesame" not in str(raised.value)
    if not connection.startswith("mongodb://host"):
        with pytest.raises(SetupError, match="SATZSTROM_MONGODB") as raised:
            await run(ReplicaSetSettings(mongodb=connection), asyncio.Event())
        assert "sesame" not in str(raised.value)


async def test_what_is_no_secret_is_said() -> None:
    with pytest.raises(SetupError, match="SATZSTROM_MONGODB: Port must be"):
        await connect(StoreSettings(mongodb="mongodb://localhost:99999"))
