"""Appointments mixed into the hall: agendas, free slots, bookings, check-in, and who is here.

Not the line itself (``queue``), nor the request behind an appointment (``cases``).
"""
