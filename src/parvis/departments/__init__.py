"""What the desks ask the departments, and the rounds that reception makes there.

Not the line nor cases (``queue``, ``cases``): a visit is only named here, in plain words.
"""
