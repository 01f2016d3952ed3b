"""Every write of the room: the team, API tokens, one's own account, the desk of the day."""

from parvis.accounts.actions.absences import end_absence, say_absence
from parvis.accounts.actions.liaisons import come_in, end_liaison, go_out, name_liaison
from parvis.accounts.actions.own import (
    choose_desk,
    keep_place,
    leave_desk,
    save_password,
    save_pin,
    save_preferences,
    sign_out,
)
from parvis.accounts.actions.team import (
    Created,
    create_agent,
    deactivate,
    reactivate,
    rescue,
    reset_password,
    reset_second_factor,
    set_skills,
    update_agent,
)
from parvis.accounts.actions.tokens import NewToken, create_token, revoke_token

__all__ = [
    "Created",
    "NewToken",
    "choose_desk",
    "come_in",
    "create_agent",
    "create_token",
    "deactivate",
    "end_absence",
    "end_liaison",
    "go_out",
    "keep_place",
    "leave_desk",
    "name_liaison",
    "reactivate",
    "rescue",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "save_password",
    "save_pin",
    "save_preferences",
    "say_absence",
    "set_skills",
    "sign_out",
    "update_agent",
]
