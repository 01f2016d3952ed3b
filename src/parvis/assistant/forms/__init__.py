"""What the screens of the room accept."""
