"""Every text shown to a person, by key and language. Korean is the source of truth for wording."""
