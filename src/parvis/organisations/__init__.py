"""Where things happen and what people come for.

Authorities, legal entities, services, sites, desks, hours, topics and the staff directory.
Not who signs in: that is accounts."""
