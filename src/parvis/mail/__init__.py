"""E-mail in both directions: kept, read safely, brought to its case; what the house owes by mail.

Not here: what a case is (cases), the post on paper (letters), mails between programs (common).
"""
