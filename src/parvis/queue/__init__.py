"""The hall: tickets, the line, calling, the lobby display, the kiosk.

Not what was answered at the desk: a finished ticket ends as a contact."""
