"""How the rows of the hall reach their authority."""

from parvis.common.access import M, ScopedQuerySet


class OfTicket(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "ticket__site__authority_id"


class OfDesk(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "desk__site__authority_id"


class OfSite(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "site__authority_id"
