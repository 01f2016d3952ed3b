"""What makes sheets found, and what was looked for."""

from parvis.knowledge.models import Pin, Synonym


def synonym_pairs(authority_id: int) -> list[tuple[str, str]]:
    """What people of this authority say, and what sheets say instead."""
    rows = Synonym.objects.filter(authority_id=authority_id).order_by("said")
    return list(rows.values_list("said", "written"))


def pin_pairs(authority_id: int) -> list[tuple[str, int]]:
    """For which words which sheet comes first."""
    rows = Pin.objects.filter(authority_id=authority_id).order_by("words")
    return list(rows.values_list("words", "sheet_id"))
