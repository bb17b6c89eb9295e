"""The translation memory: sentences whose translation is known, of people and of models.

The collection `memory`, one entry a unit:
    _id, owner (id of a key; absent: nobody's), source, target (languages), text, translation, origin (`person`, `machine`),
    keys (digests that it is found by: `pipeline.memory.digests`), before, after (digests of its neighbours), document,
    part, index (where it was made), by, at; of a person's also pairs (of words, by which what is like it is found:
    `pipeline.memory.grams`) and size (number of words); of a machine's model, terms (digest), alignment, confidence, flags,
    suspect, alternatives and expires.

A memory is its owner's alone: also who sees all documents sees and gets the units of no other memory.
"""
