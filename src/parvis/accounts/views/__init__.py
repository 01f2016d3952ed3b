"""Sign-in and lock, one's own account, the desk of the day, the team."""
