"""What stands below a command of the command line."""

import click


def members(group: click.Group) -> dict[str, click.Command]:
    """A group's commands by name, read in if they were not yet."""
    context = click.Context(group)
    found = ((name, group.get_command(context, name)) for name in group.list_commands(context))
    return {name: command for name, command in found if command is not None}
