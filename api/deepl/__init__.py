"""The routes of DeepL's API, for its clients. What has no effect here is in docs/dialects.md."""
