"""Indicators, exactly defined, computed from rows that the work leaves behind.

Looks at the work, never steers it."""
