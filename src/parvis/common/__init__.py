"""Plumbing that every room shares.

Events, journal, idempotency, throttling, codes, clock: no word of the domain may appear here."""
