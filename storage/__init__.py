"""Rows and the queries over them, on SQLite and PostgreSQL by the same code."""
