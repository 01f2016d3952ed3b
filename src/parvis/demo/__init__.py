"""The demo town of Sainte-Orvanne: invented, deterministic, written through the rooms tables.

Nothing outside this room may know that the town exists."""
