"""The translation memory over HTTP."""
