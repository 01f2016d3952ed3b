"""The spine: one row per exchange with a person, on any channel.

Not the waiting that came before (queue) nor the follow-up (cases)."""
