"""Telegram: what arrives is read into turns, what leaves is sent through the Bot API."""
