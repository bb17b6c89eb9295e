"""A sharded MongoDB of real processes: one configuration server, two shards, and what stands in for their router.

MongoDB's own router (`mongos`) comes with none of the packages that the embedded servers come from. A shard of MongoDB 6 has
the router's code for most commands, though, under names of their own (`clusterFind`, `clusterUpdate`, …): it finds out
which shards are to be asked, refuses what cannot be routed, and merges the answers. The `Router` here hands commands to it,
and does itself what a shard cannot: `findAndModify`, `distinct`, and transactions, which the shards commit in two phases.
"""

import asyncio
import hashlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bson
from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from embedded.child import Child
from embedded.mongodb import packaged_mongod
from embedded.ports import LOOPBACK, free_port
from tests.waiting import eventually

Document = dict[str, Any]
Ask = Callable[[str, Document], Awaitable[Document]]
_OPTIONS: CodecOptions[Document] = CodecOptions(tz_aware=True)
_OP_REPLY, _OP_QUERY, _OP_MSG = 1, 2004, 2013
_BY_A_SHARD = {
    "find": "clusterFind",
    "getMore": "clusterGetMore",
    "aggregate": "clusterAggregate",
    "insert": "clusterInsert",
    "update": "clusterUpdate",
    "delete": "clusterDelete",
}
_OF_A_TRANSACTION = ("lsid", "txnNumber", "autocommit", "startTransaction", "$clusterTime")
_SHARDS = ("one", "two")


@dataclass
class Chunk:
    """A range of hashes, and the shard that has it."""

    least: int
    shard: str


@dataclass
class Shards:
    """The processes, and how to reach them."""

    ports: dict[str, int]
    keys: Mapping[str, str]
    chunks: dict[str, list[Chunk]] = field(default_factory=dict)
    """By namespace, in the order of their ranges."""
    _made: set[str] = field(default_factory=lambda: {"admin", "config", "local"})
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def make(self, database: str) -> None:
        """Make an empty database whose collections are sharded, unless it is there."""
        async with self._turn:
            if database not in self._made:
                await self._share_out(database)
                self._made.add(database)

    async def _share_out(self, database: str) -> None:
        """Do what `sh.shardCollection` does."""
        async with self._client("config") as config, self._client(_SHARDS[0]) as first:
            made = await config.admin.command(
                {"_configsvrCreateDatabase": database, "primaryShardId": _SHARDS[0], "writeConcern": {"w": "majority"}}
            )
            for collection, key in self.keys.items():
                await first[database].command(
                    {
                        "_shardsvrCreateCollection": collection,
                        "shardKey": {key: "hashed"},
                        "writeConcern": {"w": "majority"},
                        "databaseVersion": made["databaseVersion"],
                    }
                )
                known = await config.config.collections.find_one({"_id": f"{database}.{collection}"})
                assert known is not None
                found = config.config.chunks.find({"uuid": known["uuid"]}).sort("min", 1)
                # The first one begins below all numbers.
                self.chunks[f"{database}.{collection}"] = [
                    Chunk(one["min"][key] if isinstance(one["min"][key], int) else -(2**63), one["shard"])
                    async for one in found
                ]

    def owner(self, namespace: str, value: object) -> str:
        """Return the shard of an entry whose key has this value."""
        hashed = hash_of(value)
        return [chunk.shard for chunk in self.chunks[namespace] if chunk.least <= hashed][-1]

    @asynccontextmanager
    async def _client(self, name: str) -> AsyncIterator[AsyncMongoClient[Document]]:
        client: AsyncMongoClient[Document] = AsyncMongoClient(LOOPBACK, self.ports[name], directConnection=True)
        async with client:
            yield client


def hash_of(value: object) -> int:
    """Return MongoDB's hash of a text (BSONElementHasher): the kind of the value, and its bytes."""
    assert isinstance(value, str), f"only texts are shard keys, not {value!r}"
    encoded = value.encode("utf-8", "surrogatepass") + b"\0"
    # The seed, the canonical kind of texts, the length.
    digest = hashlib.md5(struct.pack("<iii", 0, 15, len(encoded)) + encoded, usedforsecurity=False).digest()
    return int(struct.unpack("<q", digest[:8])[0])


class Router:
    """Answers clients of MongoDB on a port of its own."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._parts: dict[tuple[bytes, int], list[str]] = {}
        """Of each transaction the shards that take part, the one that coordinates it first."""
        self.spread = 0
        """Transactions that more than one shard took part in."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        links: dict[str, _Link] = {}
        try:
            while True:
                request, kind, command = await _read(reader)
                reply = await self._reply(links, command)
                _write(writer, kind, reply, request)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            for link in links.values():
                link.close()
            writer.close()

    async def _reply(self, links: dict[str, "_Link"], command: Document) -> Document:
        name = next(iter(command))
        if name.lower() in ("hello", "ismaster"):
            return _HELLO

        async def ask(shard: str, sent: Document) -> Document:
            if shard not in links:
                links[shard] = await _Link.open(self._shards.ports[shard])
            return await links[shard].ask(sent)

        if name in ("commitTransaction", "abortTransaction"):
            return await self._end(ask, name, command)
        await self._shards.make(str(command.get("$db", "admin")))
        namespace = f"{command.get('$db')}.{command.get(name)}"
        key = self._shards.keys.get(str(command.get(name))) if namespace in self._shards.chunks else None
        if command.get("autocommit") is False:
            return await self._in_transaction(ask, name, command, namespace, key)
        return await self._alone(ask, name, command, namespace, key)

    async def _alone(self, ask: Ask, name: str, command: Document, namespace: str, key: str | None) -> Document:
        plain = {field: value for field, value in command.items() if field not in _OF_A_TRANSACTION}
        if name in _BY_A_SHARD:
            return await ask(_SHARDS[0], {_BY_A_SHARD[name]: plain.pop(name), **plain})
        if key is None:
            return await ask(_SHARDS[0], plain)
        if name == "findAndModify":
            return await ask(self._shards.owner(namespace, plain["query"][key]), plain)
        return _merged([await ask(shard, plain) for shard in _SHARDS])

    async def _in_transaction(
        self, ask: Ask, name: str, command: Document, namespace: str, key: str | None
    ) -> Document:
        parts = self._parts.setdefault(_transaction(command), [])
        answers = []
        for shard, sent in self._split(name, command, namespace, key):
            rest = {one: value for one, value in sent.items() if one not in ("startTransaction", "readConcern")}
            if shard not in parts:
                rest |= {"startTransaction": True, "readConcern": {"level": "snapshot"}}
                rest |= {} if parts else {"coordinator": True}
                parts.append(shard)
            answers.append(await ask(shard, rest))
        return _merged(answers)

    def _split(self, name: str, command: Document, namespace: str, key: str | None) -> Iterable[tuple[str, Document]]:
        """Yield what each shard is to do of a command."""
        if key is None:
            yield _SHARDS[0], command
            return
        for listed, filter_ in (("documents", None), ("updates", "q"), ("deletes", "q")):
            if listed in command:
                of: dict[str, list[Document]] = {}
                for one in command[listed]:
                    for shard in self._owners(namespace, one if filter_ is None else one[filter_], key):
                        of.setdefault(shard, []).append(one)
                yield from ((shard, {**command, listed: some}) for shard, some in of.items())
                return
        stages = command.get("pipeline") or [{}]
        wanted = command.get("query") or command.get("filter") or stages[0].get("$match") or {}
        for shard in self._owners(namespace, wanted, key):
            yield shard, command

    def _owners(self, namespace: str, wanted: Document, key: str) -> list[str]:
        value = wanted.get(key)
        values = value.get("$in") if isinstance(value, dict) else None if value is None else [value]
        if values is None:
            return list(_SHARDS)
        return sorted({self._shards.owner(namespace, one) for one in values})

    async def _end(self, ask: Ask, name: str, command: Document) -> Document:
        parts = self._parts.pop(_transaction(command), [])
        if name == "abortTransaction" or len(parts) < 2:
            return _merged([await ask(shard, command) for shard in parts]) if parts else {"ok": 1.0}
        self.spread += 1
        participants = [{"shardId": shard} for shard in parts]
        rest = {one: value for one, value in command.items() if one != "commitTransaction"}
        answer: Document = await ask(parts[0], {"coordinateCommitTransaction": 1, "participants": participants, **rest})
        return answer


def _transaction(command: Document) -> tuple[bytes, int]:
    return bytes(command["lsid"]["id"]), command["txnNumber"]


def _merged(answers: list[Document]) -> Document:
    """Return several shards' answers as one."""
    for answer in answers:
        if not answer.get("ok") or "writeErrors" in answer:
            return answer
    first = answers[0]
    for other in answers[1:]:
        for name in ("n", "nModified"):
            if name in first:
                first[name] += other[name]
        if "values" in first:
            first["values"] += [value for value in other["values"] if value not in first["values"]]
        if "cursor" in first:
            found = first["cursor"]["firstBatch"] + other["cursor"]["firstBatch"]
            counted = found and all(entry.keys() == {"_id", "n"} for entry in found)
            first["cursor"]["firstBatch"] = [{"_id": 1, "n": sum(one["n"] for one in found)}] if counted else found
    return first


_HELLO: Document = {
    "ismaster": True,
    "isWritablePrimary": True,
    "msg": "isdbgrid",
    "maxBsonObjectSize": 16 * 1024 * 1024,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "logicalSessionTimeoutMinutes": 30,
    "minWireVersion": 0,
    "maxWireVersion": 17,
    "ok": 1.0,
}


class _Link:
    """A connection with a shard."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "_Link":
        return cls(*await asyncio.open_connection(LOOPBACK, port))

    async def ask(self, command: Document) -> Document:
        _write(self._writer, _OP_MSG, command, 0)
        return (await _read(self._reader))[2]

    def close(self) -> None:
        self._writer.close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, int, Document]:
    """Return a message's number, its kind, and the command in it."""
    length, request, _, kind = struct.unpack("<iiii", await reader.readexactly(16))
    data = await reader.readexactly(length - 16)
    if kind == _OP_QUERY:
        place = data.index(b"\0", 4) + 1 + 8
        return request, kind, bson.decode(data[place:], _OPTIONS)
    command: Document = {}
    place = 4
    while place < len(data):
        section, place = data[place], place + 1
        (size,) = struct.unpack_from("<i", data, place)
        if section == 0:
            command = bson.decode(data[place : place + size], _OPTIONS) | command
        else:
            named = data.index(b"\0", place + 4)
            command[data[place + 4 : named].decode()] = bson.decode_all(data[named + 1 : place + size], _OPTIONS)
        place += size
    # The name of the command comes first, wherever the lists were in the message.
    first = next(name for name, value in command.items() if not isinstance(value, list))
    return request, kind, {first: command[first], **command}


def _write(writer: asyncio.StreamWriter, kind: int, document: Document, answers: int) -> None:
    encoded = bson.encode(document, codec_options=_OPTIONS)
    if kind == _OP_QUERY:
        body, kind = struct.pack("<iqii", 8, 0, 0, 1) + encoded, _OP_REPLY
    else:
        body = struct.pack("<ib", 0, 0) + encoded
    writer.write(struct.pack("<iiii", 16 + len(body), 1, answers, kind) + body)


@asynccontextmanager
async def sharded_mongodb(folder: Path, keys: Mapping[str, str]) -> AsyncIterator[tuple[str, Shards, Router]]:
    """Run the processes and the router; yield its address."""
    taken: set[int] = set()
    names = ("config", *_SHARDS)
    ports = {name: free_port(28017, taken) for name in names}
    children = [_child(folder, name, ports[name]) for name in names]
    running = [asyncio.create_task(child.run(lambda: None)) for child in children]
    try:
        await asyncio.gather(*(_initiate(name, ports[name]) for name in names))
        shards = Shards(ports, keys)
        client: AsyncMongoClient[Document] = AsyncMongoClient(LOOPBACK, ports["config"], directConnection=True)
        async with client as config:
            for name in _SHARDS:
                added = {"_configsvrAddShard": f"{name}/{LOOPBACK}:{ports[name]}", "name": name}
                await config.admin.command({**added, "writeConcern": {"w": "majority", "wtimeout": 60_000}})
        router = Router(shards)
        server = await asyncio.start_server(router.answer, LOOPBACK, 0)
        async with server:
            yield f"mongodb://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/", shards, router
            server.close()
    finally:
        await asyncio.gather(*(child.stop(10) for child in children))
        await asyncio.gather(*running)


def _child(folder: Path, name: str, port: int) -> Child:
    data = folder / name
    data.mkdir(parents=True)
    # Of a release whose shards have the commands; that on the path may be another.
    mongod = packaged_mongod()
    assert mongod is not None, "the tests need the packages of the extra `embedded`"
    command = [
        mongod, "--dbpath", str(data), "--port", str(port), "--bind_ip", LOOPBACK, "--replSet", name,
        "--configsvr" if name == "config" else "--shardsvr", "--nounixsocket", "--quiet",
        "--wiredTigerEngineConfigString", "cache_size=128M", "--setParameter", "diagnosticDataCollectionEnabled=false",
    ]  # fmt: skip
    return Child(f"mongodb-{name}", command, log=folder / f"{name}.log", server=True)


async def _initiate(name: str, port: int) -> None:
    config: Document = {"_id": name, "members": [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]}
    if name == "config":
        config["configsvr"] = True
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        LOOPBACK, port, directConnection=True, serverSelectionTimeoutMS=500
    )
    async with client:

        async def leads() -> bool:
            with suppress(PyMongoError):
                if (await client.admin.command("hello")).get("isWritablePrimary"):
                    return True
                await client.admin.command("replSetInitiate", config)
            return False

        await eventually(leads, within=60, what=f"the primary of {name}")
