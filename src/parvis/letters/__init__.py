"""Paper: letters of the house, decisions and what is owed on request, post that comes and goes.

Not what happens to a case (``cases``), and not e-mail (``mail``).
"""
