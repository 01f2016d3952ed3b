"""How rows of this room reach their authority."""

from parvis.common.access import M, ScopedQuerySet


class OfItself(ScopedQuerySet[M]):
    """The authority itself."""

    scope = "id"


class OfSeason(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "season__site__authority_id"


class OfSite(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "site__authority_id"
