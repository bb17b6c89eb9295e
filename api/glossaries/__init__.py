"""Glossaries over HTTP, and as files."""
