"""The command `sotong`."""

import gc
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

# Where each command is. It is read in only when it is wanted: `sotong run` starts sooner for it.
_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "audit": "bot.commands.audit:audit",
        "backup": "bot.commands.backup:backup",
        "demo": "bot.commands.demo:demo",
        "evaluate": "bot.commands.evaluate:evaluate",
        "import": "bot.commands.importing:import_",
        "jobs": "bot.commands.jobs:jobs",
        "meeting": "bot.commands.meetings:meeting",
        "migrate": "bot.commands.running:migrate",
        "model": "bot.commands.model:model",
        "pack": "bot.commands.pack:pack",
        "restore": "bot.commands.backup:restore",
        "run": "bot.commands.running:run",
        "staff": "bot.commands.staff:staff",
    }
)


class Commands(click.Group):
    """The commands, each read in when it is first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), *_COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        where = _COMMANDS.get(cmd_name)
        if where is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = where.partition(":")
        # While libraries are read in there is nothing to collect, and looking costs a quarter of the time.
        gc.disable()
        command = getattr(import_module(module), name)
        gc.enable()
        return command if isinstance(command, click.Command) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sotong")
def main() -> None:
    """소통 (sotong): residents tell the city, offices answer, nobody is forgotten."""


if __name__ == "__main__":
    main()
