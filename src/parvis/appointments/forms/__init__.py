"""Forms of the room: the public’s and the colleagues’."""
