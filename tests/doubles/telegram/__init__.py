"""The parts of the Bot API double; tests use them through `tests.doubles.bot_api`."""
