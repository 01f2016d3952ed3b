"""How the rows of the room reach their authority."""

from parvis.common.access import M, ScopedQuerySet


class OfAgenda(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "agenda__authority_id"


class OfAppointment(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "appointment__authority_id"
