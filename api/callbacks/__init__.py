"""Telling a sender over HTTP that its document has come to its end."""
