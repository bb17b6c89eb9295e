"""The routes of DeepL's API, for its clients. What has no effect here is in docs/dialects.md."""

from api.deepl import account, files, glossaries, texts

ROUTERS = (texts.router, files.router, glossaries.router, account.router)
