"""Who asks: the right is part of the fetch, never a check afterwards."""

from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model, covariant=True)


class Actor(Protocol):
    """Whoever acts for one authority: an agent signed in, or the owner of an API token."""

    @property
    def pk(self) -> Any: ...

    @property
    def authority_id(self) -> int: ...

    def may(self, capability: str, /) -> bool: ...


class ScopedQuerySet(models.QuerySet[M]):
    """Rows of one authority; ``scope`` is the path from the model to its authority."""

    scope: ClassVar[str] = "authority_id"

    def visible_to(self, actor: Actor) -> Self:
        """Only what belongs to the actor's authority; nothing for anybody else."""
        return self.filter(**{self.scope: actor.authority_id})
