"""Keys with values: texts of programs (JSON, properties, Apple, Android), and cells of tables."""
