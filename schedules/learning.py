"""The nightly training (야간 배움): a new model from all lessons, in use only when it is no worse."""

from intents.city import City
from schedules.jobs import JobFault, Tools
from schedules.training import CITY, Order, TrainingFailed, trained
from storage.jobs import Figures, Run


def order_of(database_url: str, city: City) -> Order:
    """What the training process has to know."""
    return Order(database_url, CITY.dump_json(city).decode())


async def learn(tools: Tools, _run: Run) -> Figures:
    """Train in a process of its own. Raises JobFault when that failed; the model in use stays then."""
    try:
        done = await trained(order_of(tools.database_url, tools.world.directory.city))
    except TrainingFailed as error:
        raise JobFault(f"no model: {error}") from error
    figures: Figures = {"lessons": done.lessons, "trained": done.version is not None}
    if done.version is not None:
        figures = {**figures, "version": done.version, "used": not done.refused}
    return figures
