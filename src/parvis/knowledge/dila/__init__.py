"""The national sheets of the DILA: files in, drafts out, a report line for every file.

What is stored, and when a version is new, is decided in the room's actions."""
