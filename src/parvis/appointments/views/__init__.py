"""Pages of the room: the public’s, the kiosk’s, the colleagues’, and the feed."""
