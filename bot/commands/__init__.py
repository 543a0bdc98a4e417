"""The commands of `sotong`, one file a subject; `bot.cli` puts them together."""
