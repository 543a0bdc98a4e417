"""Settings: each also from a file, each mistake one line that says what to do, no secret shown."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings

KEY = "a-key-nobody-may-see-0123456789"
TOKEN = "123456:a-token-nobody-may-see"


def _read(tmp_path: Path, **variables: str) -> Settings:
    named = {f"SOTONG_{name}": value for name, value in variables.items()}
    return read_settings({"SOTONG_DATA": str(tmp_path / "var"), "PATH": "/bin", **named})


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = _read(tmp_path)
    assert (settings.city, settings.host, settings.port) == ("incheon", "127.0.0.1", 8080)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/sotong.db"
    assert not settings.telegram_token


def test_the_key_that_was_made_at_the_first_start_is_kept_and_readable_by_its_owner_only(
    tmp_path: Path,
) -> None:
    made = _read(tmp_path).secret_key
    assert len(made) >= 32
    assert _read(tmp_path).secret_key == made
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("CITY", "goyang", "city", "goyang"),
        ("DATABASE_URL", "postgresql://sotong@db/sotong", "database_url", "postgresql://sotong@db/sotong"),
        ("TELEGRAM_TOKEN", TOKEN, "telegram_token", TOKEN),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "telegram_api_url", "http://127.0.0.1:8081"),
        ("PUBLIC_URL", "https://sotong.example.org/", "public_url", "https://sotong.example.org"),
        ("SECRET_KEY", KEY, "secret_key", KEY),
        ("PORT", "9000", "port", 9000),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
    ],
)
def test_every_setting_may_be_given_itself_or_in_a_file(
    tmp_path: Path, name: str, value: str, attribute: str, expected: object
) -> None:
    file = tmp_path / "given"
    file.write_text(f"{value}\n")
    assert getattr(_read(tmp_path, **{name: value}), attribute) == expected
    assert getattr(_read(tmp_path, **{f"{name}_FILE": str(file)}), attribute) == expected


@pytest.mark.parametrize("name", ["HOST", "CITY", "PORT", "DATABASE_URL", "TELEGRAM_API_URL", "SECRET_KEY"])
def test_a_setting_that_is_set_to_nothing_is_not_set(tmp_path: Path, name: str) -> None:
    assert _read(tmp_path, **{name: " "}) == _read(tmp_path)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PORT": "eighty"}, "SOTONG_PORT"),
        ({"PORT": "70000"}, "SOTONG_PORT"),
        ({"PORT": "nan"}, "SOTONG_PORT"),
        ({"TURNS_PER_MINUTE": "0"}, "SOTONG_TURNS_PER_MINUTE"),
        ({"TELEGRAM_PER_SECOND": "-1"}, "SOTONG_TELEGRAM_PER_SECOND"),
        ({"DATABASE_URL": "mysql://root:hunter2@db/x"}, "SOTONG_DATABASE_URL"),
        ({"DATABASE_URL": "hunter2"}, "SOTONG_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://a:hunter2@db/x?sslmode=on"}, "one of allow, disable, prefer"),
        ({"DATABASE_URL": "postgresql://a:hunter2@db/x?sslrootcert=ca.pem"}, "?sslrootcert= is not known"),
        ({"TELEGRAM_TOKEN": "hunter2"}, "SOTONG_TELEGRAM_TOKEN"),
        ({"TELEGRAM_API_URL": "ftp://api"}, "SOTONG_TELEGRAM_API_URL"),
        ({"PUBLIC_URL": "sotong.example.org"}, "SOTONG_PUBLIC_URL"),
        ({"MAP_TILES": "https://tile.example.org/one.png"}, "SOTONG_MAP_TILES"),
        ({"MAP_TILES": "https://a.example.org;x/{z}/{x}/{y}.png"}, "SOTONG_MAP_TILES"),
        ({"PUBLIC_URL": "http://[::1"}, "SOTONG_PUBLIC_URL"),
        ({"SECRET_KEY": "hunter2"}, "SOTONG_SECRET_KEY"),
        ({"SECRET_KEY_FILE": "/does/not/exist"}, "SOTONG_SECRET_KEY_FILE"),
        ({"TELEGRAM_WEBHOOK_SECRET": "hunter2hunter2"}, "SOTONG_TELEGRAM_WEBHOOK_SECRET"),
        ({"CITY": "incheon", "CITY_FILE": "/some/file"}, "SOTONG_CITY"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it_and_says_what_to_do(
    tmp_path: Path, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        _read(tmp_path, **variables)
    said = str(caught.value)
    assert named in said
    assert "\n" not in said
    assert "hunter2" not in said


def test_no_secret_is_in_the_settings_as_they_are_printed(tmp_path: Path) -> None:
    settings = _read(
        tmp_path,
        SECRET_KEY=KEY,
        TELEGRAM_TOKEN=TOKEN,
        TELEGRAM_WEBHOOK_SECRET="hook-nobody-may-see",
        PUBLIC_URL="https://sotong.example.org",
        DATABASE_URL="postgresql://sotong:password-nobody-may-see@db/sotong",
    )
    assert "nobody-may-see" not in repr(settings)


def test_telegram_proves_itself_with_a_secret_made_of_the_key_when_none_is_set(tmp_path: Path) -> None:
    first, other = _read(tmp_path, SECRET_KEY=KEY), _read(tmp_path, SECRET_KEY=KEY[::-1])
    assert first.webhook_secret != other.webhook_secret
    assert KEY not in first.webhook_secret
