"""Parvis with the naive queue of ``tests.load.naive`` and Django's own SQLite defaults."""

from parvis.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.load.naive.NaiveConfig"]  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["OPTIONS"].pop("transaction_mode")  # noqa: F405
