"""The tests stay on this machine."""

import socket

import pytest

from tests.support.network import NetworkForbiddenError


def test_a_test_that_calls_another_machine_is_stopped() -> None:
    with socket.socket() as connection, pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))


def test_a_test_that_looks_up_a_name_is_stopped() -> None:
    with pytest.raises(NetworkForbiddenError, match=r"api\.telegram\.org"):
        socket.getaddrinfo("api.telegram.org", 443)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_loopback_is_open_to_the_tests(address: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((address, server.getsockname()[1])),
    ):
        pass
