"""The nightly copy (야간 백업), restored into an empty database beside it to see that it can be."""

import asyncio
import secrets
from contextlib import suppress
from functools import partial
from pathlib import Path

from schedules.copying import CopyFailed, Order, copied
from schedules.jobs import JobFault, Tools
from storage.jobs import Figures, Run

FOLDER = "backups"
COPIES_KEPT = 14


async def back_up(tools: Tools, run: Run) -> Figures:
    """Have a copy written and proven, and only then give it its name.

    Raises JobFault when it cannot be written or is not whole; older copies stay then.
    """
    folder = tools.data_folder / FOLDER
    unproven = folder / f".{run.period}-{secrets.token_hex(4)}.tar.gz"
    order = Order(tools.database_url, str(tools.data_folder / "files"), str(unproven))
    try:
        await asyncio.to_thread(partial(folder.mkdir, parents=True, exist_ok=True, mode=0o700))
        counts = await copied(order)
        size = await asyncio.to_thread(partial(_keep, unproven, folder / f"sotong-{run.period}.tar.gz"))
    except CopyFailed as error:
        raise JobFault(f"no copy: {error}") from error
    except OSError as error:
        raise JobFault(f"no copy: {type(error).__name__}") from error
    finally:
        with suppress(OSError):
            await asyncio.to_thread(partial(unproven.unlink, missing_ok=True))
    return {"rows": sum(counts.values()), "cases": counts["cases"], "bytes": size, "restored": True}


def _keep(proven: Path, name: Path) -> int:
    proven.replace(name)
    for old in sorted(name.parent.glob("sotong-*.tar.gz"))[:-COPIES_KEPT]:
        old.unlink()
    return name.stat().st_size
