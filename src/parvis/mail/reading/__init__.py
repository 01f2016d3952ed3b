"""Reading a message that anybody may have sent: limits first, then words and files.

Nothing in this package knows Django's models or the database: it runs in a process of its own,
which may be killed at any moment.
"""
