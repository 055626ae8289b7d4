"""Migrate, test, lint and health-check a PostgreSQL database from plain SQL files."""

__version__ = "0.1.0"
