"""Data protection: how long what is kept of people is kept, and what becomes of it afterwards.

Not what each room keeps: every room declares that itself (``common.personal``).
"""
