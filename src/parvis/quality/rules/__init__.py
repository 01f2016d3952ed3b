"""Decisions of the room: what each indicator counts, how sure it is, what may be shown."""
