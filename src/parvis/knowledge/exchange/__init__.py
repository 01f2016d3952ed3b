"""Sheets on their way out of one house and into another, without loss (decision 26).

What a record is, how it is written as JSON lines or XML, how it is read again and taken in.
"""
