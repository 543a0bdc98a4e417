"""Taking updates into the inbox: whatever somebody sends, it cannot hold up what others sent."""

import structlog

from bot.telegram.reading import Reader
from handlers.ports import Intake

log = structlog.get_logger()


async def take(intake: Intake, reader: Reader, raw: object) -> None:
    """Write one update into the inbox; when this returns it may be acknowledged.

    One whose content the database refuses is kept without it. Raises what `intake` raises when the database
    cannot be had, or takes nothing at all.
    """
    arrival = reader.read(raw)
    try:
        await intake.receive(arrival)
    except OSError:
        raise
    except Exception as error:
        # Telegram would give it again for ever, and nothing behind it.
        await intake.receive(reader.unstorable(arrival, error))
        log.error("update_not_storable", error=type(error).__name__)
