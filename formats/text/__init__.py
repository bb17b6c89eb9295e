"""Kinds of plain text: subtitles, catalogues of translators, keys and values of programs, tables, XML of any kind."""
