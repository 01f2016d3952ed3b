"""Decisions of the assistant: plain functions, no Django, no database."""
