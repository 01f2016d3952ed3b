"""Parvis: the reception of a local public service."""

__version__ = "0.1.0"
