"""Decisions about questions and rounds: plain functions over plain values."""
