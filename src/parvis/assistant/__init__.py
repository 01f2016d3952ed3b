"""The assistant: answers what published sheets say, admits the rest, and fetches a person.

Not the search itself (``knowledge``), not the hall (``queue``), and not the case that comes of a
conversation (``cases``).
"""
