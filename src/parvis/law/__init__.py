"""The legal register: texts, their articles as they read today, and how the house reads them.

Not what depends on an article (``knowledge``, ``cases``): that points here.
"""
