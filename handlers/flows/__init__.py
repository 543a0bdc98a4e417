"""The resident's conversation, one file a flow."""
