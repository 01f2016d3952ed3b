def open_halls(content, *, seed, now): pass
