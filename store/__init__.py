"""The documents in MongoDB. Nothing outside this folder knows MongoDB.

The collections of documents (keys and what they use: `store.accounts.keys`, `store.accounts.usage`):

`documents`, one entry a document:
    _id, state, owner (id of the key that it was submitted with, if there was one), source, target, model (as asked for),
    metadata (the sender's), internal (what the API notes for itself), created, parts (number of them, once the last one
    is known), callback (due from the end of the document on), and when it is done: finished and counts.

`parts`, one entry a part (64 KiB of text at most):
    _id (`<document>/<part>`, so that the order of the ids is the order of the text), document, revision, text, spans,
    translations (by index of the sentence), and what follows from these: characters, total, translated, suspect, failed,
    remembered (from memory), low, medium, high (by confidence; in parts that an older release wrote they are missing),
    closed; also model and started; corrections (by index of the sentence: what people made of it, decision 66), corrected
    and approved (how many), and edited (the last of the document's edits that changed it).

`search`, one entry a part of a finished document:
    _id (as the part's), document, owner, part, created, words (folded, each once: what the text index holds).

`batches`, one entry a request with several files:
    _id, owner, created, touched, complete, files (by position: document, and why it was refused).

`memory`, one entry a sentence whose translation is known (`store.memory`).

`files.files` and `files.chunks`: files that documents came in (`store.files`).

`schema`: the version of all this, and how far the way there is from an older one (`store.schema`).

Three faces: `store.writing` is the sink's, `store.documents` and `store.accounts` are the API's. What names something of
somebody takes whose it may be as its first argument (`store.ownership`). `store.driver` alone knows the driver.

Every write sets what is not there yet and derives the rest from what is there. So the same events in any order, any
number of times, give the same entries, and no write costs more because its document is long.
"""
