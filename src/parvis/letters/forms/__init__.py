"""What is typed about letters, decisions and the post."""
