"""What an administrator types, with kind answers; rows of other authorities are no choice."""

from parvis.organisations.forms.hours import ClosureForm, ExceptionForm, SeasonForm
from parvis.organisations.forms.house import (
    AuthorityForm,
    DeskForm,
    DirectoryEntryForm,
    LegalEntityForm,
    ServiceForm,
    SiteForm,
    TopicFamilyForm,
    TopicForm,
)

__all__ = [
    "AuthorityForm",
    "ClosureForm",
    "DeskForm",
    "DirectoryEntryForm",
    "ExceptionForm",
    "LegalEntityForm",
    "SeasonForm",
    "ServiceForm",
    "SiteForm",
    "TopicFamilyForm",
    "TopicForm",
]
