"""The indexes of the store, as this release wants them.

An index is what it is over; its name follows from that. So a changed one is another one, and an older release that runs
beside this one keeps its own: no query names an index.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from store.driver import Entry

Key = Sequence[tuple[str, int | str]]

_OPTIONS = ("unique", "sparse", "expireAfterSeconds", "partialFilterExpression", "default_language")


@dataclass(frozen=True)
class Index:
    """An index of a collection; `label` says what it is for, and stays when its definition changes."""

    collection: str
    label: str
    key: Key
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in MongoDB."""
        definition = json.dumps([list(self.key), dict(self.options)], sort_keys=True)
        return f"{self.label}_{hashlib.blake2b(definition.encode(), digest_size=4).hexdigest()}"

    def is_as(self, found: Entry) -> bool:
        """Whether an index that MongoDB describes is this one, however it is called."""
        # A text index is described by the weights of its fields.
        key = [(name, "text") for name in found.get("weights", {})] or list(dict(found["key"]).items())
        options = {name: found[name] for name in _OPTIONS if name in found and (name != "unique" or found[name])}
        if "weights" not in found:
            options.pop("default_language", None)
        return key == list(self.key) and options == dict(self.options)

    def is_older(self, name: str) -> bool:
        """Whether a name is that of the same index in another release."""
        return name != self.name and re.fullmatch(rf"{re.escape(self.label)}(_[0-9a-f]{{8}})?", name) is not None


_NEWEST: Key = [("created", -1), ("_id", -1)]
# Only documents that were submitted with a key have an owner.
_OWNED = {"partialFilterExpression": {"owner": {"$exists": True}}}
# As long as Kafka keeps dead letters on their topic.
_LETTERS_KEPT = 30 * 24 * 3600

INDEXES = (
    # Answers "is a part still open" at once, and sums a document's counts without reading its texts.
    Index(
        "parts",
        "counts",
        [
            (name, 1)
            for name in (
                "document", "closed", "part", "characters", "total", "translated", "suspect", "failed",
                "remembered", "low", "medium", "high", "corrected", "approved", "missed", "model", "started",
            )
        ],
    ),
    Index("documents", "newest", _NEWEST),
    Index("documents", "newest_by_state", [("state", 1), *_NEWEST]),
    Index("documents", "newest_of_owner", [("owner", 1), *_NEWEST], _OWNED),
    Index("documents", "state_of_owner", [("owner", 1), ("state", 1), *_NEWEST], _OWNED),
    # The orders that the list of documents has besides the newest, and what it can be filtered by.
    Index("documents", "finished", [("finished", -1), ("_id", -1)]),
    Index("documents", "longest", [("counts.characters", -1), ("_id", -1)]),
    Index("documents", "metadata", [("metadata.$**", 1)]),
    Index("documents", "unsearched", [("unsearched.part", 1)], {"sparse": True}),
    Index("documents", "unremembered", [("unremembered.part", 1)], {"sparse": True}),
    # Traces of deleted documents go when no event of theirs can come any more.
    Index("documents", "expires", [("expires", 1)], {"sparse": True, "expireAfterSeconds": 0}),
    # In case that nothing ever tells that their records have gone through; as long as Kafka keeps those.
    Index("documents", "brief", [("brief", 1)], {"sparse": True, "expireAfterSeconds": 7 * 24 * 3600}),
    # Deletions that are not complete; traces of an older release do not say whether they are.
    Index(
        "documents",
        "deletions",
        [("state", 1)],
        {"partialFilterExpression": {"state": "deleted", "cleared": None}},
    ),
    # Callbacks that are due, by sender: those of one are found without looking at those of another.
    Index(
        "documents",
        "callbacks_of_owner",
        [("owner", 1), ("callback.due", 1), ("callback.host", 1)],
        {"partialFilterExpression": {"callback.due": {"$exists": True}}},
    ),
    Index(
        "documents",
        "unread",
        [("created", 1)],
        {"partialFilterExpression": {"internal.synchronous": True}},
    ),
    Index("keys", "digest", [("digest", 1)], {"unique": True}),
    # Words come folded and are compared as they are: stemming for one language would spoil all others.
    Index("search", "words", [("words", "text")], {"default_language": "none"}),
    Index("search", "by_document", [("document", 1)]),
    Index("batches", "oldest", [("created", 1)]),
    Index("glossaries", "by_owner", [("owner", 1), ("created", 1)]),
    # Digests say whose memory and which languages.
    Index("memory", "keys", [("keys", 1)]),
    Index("memory", "pairs", [("pairs", 1), ("size", 1)], {"sparse": True}),
    Index("memory", "by_document", [("document", 1)], {"sparse": True}),
    Index("memory", "newest_of_owner", [("owner", 1), ("origin", 1), ("at", -1), ("_id", -1)]),
    Index("memory", "pairs_of_owner", [("owner", 1), ("origin", 1), ("source", 1), ("target", 1)]),
    Index("memory", "expires", [("expires", 1)], {"sparse": True, "expireAfterSeconds": 0}),
    # As drivers of GridFS want it.
    Index("files.chunks", "files_id_1_n_1", [("files_id", 1), ("n", 1)], {"unique": True}),
    Index("files.files", "by_document", [("metadata.document", 1)]),
    Index("files.files", "due", [("metadata.look", 1)]),
    Index("dead_letters", "newest", [("at", -1), ("_id", -1)]),
    Index("dead_letters", "by_document", [("document", 1), ("at", -1)]),
    Index("dead_letters", "expires", [("at", 1)], {"expireAfterSeconds": _LETTERS_KEPT}),
)  # fmt: skip

GONE: Mapping[str, tuple[str, ...]] = {"documents": ("callbacks",)}
"""Labels of indexes that no release needs any more, by collection."""
