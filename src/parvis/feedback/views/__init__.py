"""The pages of the room for agents."""
