"""A database that threads may fight for, as the hall's tests have it."""

from tests.queue.conftest import shared_database

__all__ = ["shared_database"]
