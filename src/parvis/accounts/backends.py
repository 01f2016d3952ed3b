"""Passwords, checked only when the account and the address are within their limits."""

from django.contrib.auth.backends import BaseBackend


class ThrottledPasswords(BaseBackend):
    """Counts tries in the database before any hashing is done."""
