"""Pages that compose several rooms: front door, workstation, ticket and tracking pages.

Also the base templates and components that all rooms use."""
