"""What the program counts of itself, for /metrics. No label holds anything of a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Measures:
    """Counters and gauges of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.arrivals = Counter(
            "sotong_arrivals", "Updates taken into the inbox.", ["channel", "result"], registry=self.registry
        )
        self.turns = Counter("sotong_turns", "Turns handled.", ["result"], registry=self.registry)
        self.events = Counter("sotong_events", "What turns led to.", ["name"], registry=self.registry)
        self.turn_seconds = Histogram(
            "sotong_turn_seconds",
            "Seconds from arrival to the commit of the answer.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )
        self.deliveries = Counter(
            "sotong_deliveries",
            "Messages sent, by how it ended.",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self.alive = Gauge(
            "sotong_last_pass_seconds", "Unix time of a loop's last pass.", ["loop"], registry=self.registry
        )
