"""The outside world: the REST API.

No rule lives here; every call goes through the rooms actions and queries."""
