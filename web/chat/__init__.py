"""The resident's chat on the web: its page and its API."""
