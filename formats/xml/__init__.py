"""XML as it stands in a file, to the byte: found, and spliced without being serialised anew."""
