"""Files that are made from nothing, as a stream, for what has no file of its own."""
