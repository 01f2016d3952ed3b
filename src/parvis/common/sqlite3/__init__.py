"""Django's SQLite with writers who queue up instead of coming back later; see ``base``."""
