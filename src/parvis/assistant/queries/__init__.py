"""What is read in more than one place."""
