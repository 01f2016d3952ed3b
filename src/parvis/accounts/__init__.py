"""Who acts: agents, roles, skills, sign-in, API tokens.

Not the staff directory, which also lists people without an account: that is organisations."""
