"""The routes of DeepL's API, for its clients. What has no effect here is in docs/dialects.md."""

from api.deepl import absent, account, files, glossaries, multilingual, texts

ROUTERS = (texts.router, files.router, glossaries.router, multilingual.router, account.router, absent.router)
