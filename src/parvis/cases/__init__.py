"""Requests that go on after the contact, followed by a named referent of a service.

Not the public pages that mix cases with thanks and answers: web composes them."""
