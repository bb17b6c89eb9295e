"""The routes of LibreTranslate, for its clients. What has no effect here is in docs/dialects.md."""

from api.libretranslate import files, offers, texts

ROUTERS = (texts.router, files.router, offers.router)
