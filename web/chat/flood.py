"""A guard in front of the inbox: token buckets by key, in memory."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic

_MOST_BUCKETS = 20_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """Lets each key have `burst` at once and `rate` a second from then on.

    Only of this process, and forgotten by a restart: it keeps floods off, it is no rule of the product.
    """

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._now = now
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, cost: float = 1) -> bool:
        """Take `cost` tokens of `key`; False when it has not that many."""
        now = self._now()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        self._buckets[key] = bucket
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if bucket.tokens < cost:
            return False
        bucket.tokens -= cost
        return True


def is_own_proxy(host: str) -> bool:
    """True for this machine's own address: then it is our proxy, which stands for everybody."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
