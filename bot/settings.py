"""Settings of the program, read once from the environment; each may also come from a file (`NAME_FILE`)."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from storage.engine import WrongAddress, async_url

_PREFIX = "SOTONG_"
_TELEGRAM = "https://api.telegram.org"
_TRUE = frozenset({"1", "true", "yes", "on"})


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel may be written to. 0 means without a limit."""

    per_second: float = 29.5
    """Messages in all."""
    chat_seconds: float = 1
    """Seconds between two messages to one person."""
    group_seconds: float = 3
    """Seconds between two messages to one group (20 a minute)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set (docs/operating.md)."""

    city: str = "incheon"
    data_folder: Path = Path("var")
    database_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = _TELEGRAM
    telegram_webhook_secret: str = field(default="", repr=False)
    telegram_timeout: float = 20
    """Seconds that Telegram has to answer a call."""
    pace: Pace = Pace()
    turns_per_minute: int = 40
    map_tiles: str = ""
    """The address of a map's squares, for the console; empty: none is asked for."""
    log_json: bool = False

    @property
    def uses_webhook(self) -> bool:
        """True when Telegram calls us instead of being asked."""
        return bool(self.telegram_token and self.public_url)

    @property
    def webhook_secret(self) -> str:
        """What Telegram proves itself with: the one that was set, else one made of the secret key."""
        if self.telegram_webhook_secret:
            return self.telegram_webhook_secret
        return hmac.new(self.secret_key.encode(), b"telegram-webhook", "sha256").hexdigest()


class _Environment:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        name = _PREFIX + name
        file = self._variables.get(f"{name}_FILE")
        # Set to nothing is not set: an empty host would listen to the whole network.
        given = self._variables.get(name, "").strip()
        if given and file:
            raise SettingsError(f"{name} and {name}_FILE are both set; keep one of them.")
        if not file:
            return given or default
        try:
            return Path(file).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE names {file}, which cannot be read: {error}.") from error

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        text = self.text(name)
        try:
            value = float(text) if text else default
        except ValueError:
            raise SettingsError(f"{_PREFIX}{name} is {text!r}; give a number.") from None
        if not least <= value <= most:
            raise SettingsError(f"{_PREFIX}{name} is {text}; give {least:g} to {most:g}.")
        return value

    def url(self, name: str, default: str = "") -> str:
        text = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(text)
            fits = not text or (parts.scheme in ("http", "https") and bool(parts.hostname))
        except ValueError:
            fits = False
        if not fits:
            raise SettingsError(f"{_PREFIX}{name} is {text!r}; give an address such as https://example.org.")
        return text


def read_settings(variables: Mapping[str, str]) -> Settings:
    """The settings out of environment variables. Raises SettingsError with one line that says what to do."""
    given = _Environment(variables)
    folder = Path(given.text("DATA", "var"))
    settings = Settings(
        city=given.text("CITY", "incheon"),
        data_folder=folder,
        database_url=_database_url(given, folder),
        host=given.text("HOST", "127.0.0.1"),
        port=int(given.number("PORT", 8080, least=0, most=65535)),
        public_url=given.url("PUBLIC_URL"),
        secret_key=_secret_key(given, folder),
        telegram_token=_token(given),
        telegram_api_url=given.url("TELEGRAM_API_URL", _TELEGRAM),
        telegram_webhook_secret=given.text("TELEGRAM_WEBHOOK_SECRET"),
        telegram_timeout=given.number("TELEGRAM_TIMEOUT", 20, least=1, most=50),
        pace=Pace(
            per_second=given.number("TELEGRAM_PER_SECOND", 29.5, least=0, most=10_000),
            chat_seconds=given.number("TELEGRAM_CHAT_SECONDS", 1, least=0, most=60),
            group_seconds=given.number("TELEGRAM_GROUP_SECONDS", 3, least=0, most=600),
        ),
        turns_per_minute=int(given.number("TURNS_PER_MINUTE", 40, least=1, most=1_000_000)),
        map_tiles=_map_tiles(given),
        log_json=given.text("LOG_JSON").lower() in _TRUE,
    )
    if settings.telegram_webhook_secret and not settings.public_url:
        raise SettingsError(
            "SOTONG_TELEGRAM_WEBHOOK_SECRET is set without SOTONG_PUBLIC_URL; give both, or neither."
        )
    return settings


def _database_url(given: _Environment, folder: Path) -> str:
    url = given.text("DATABASE_URL") or f"sqlite:///{folder / 'sotong.db'}"
    try:
        async_url(url)
    except WrongAddress as error:
        raise SettingsError(f"SOTONG_DATABASE_URL cannot be used: {error}.") from error
    except Exception as error:
        # The URL holds a password, so it is not repeated.
        raise SettingsError(
            "SOTONG_DATABASE_URL cannot be used; give sqlite:///var/sotong.db or postgresql://user@host/name."
        ) from error
    return url


def _token(given: _Environment) -> str:
    token = given.text("TELEGRAM_TOKEN")
    number, _, secret = token.partition(":")
    if token and not (number.isdigit() and secret):
        raise SettingsError("SOTONG_TELEGRAM_TOKEN is not a bot's token; copy it whole from BotFather.")
    return token


def _map_tiles(given: _Environment) -> str:
    address = given.text("MAP_TILES")
    plain = address.replace("{z}", "1").replace("{x}", "1").replace("{y}", "1")
    whole = all(part in address for part in ("{z}", "{x}", "{y}"))
    host = urlsplit(plain).netloc if plain.isascii() and plain.isprintable() else ""
    if address and not (whole and plain.startswith("https://") and host and not set(host) & set(" ;,'{}")):
        raise SettingsError(
            f"SOTONG_MAP_TILES is {address!r}; give an address such as https://example.org/{{z}}/{{x}}/{{y}}.png."
        )
    return address


def _secret_key(given: _Environment, folder: Path) -> str:
    key = given.text("SECRET_KEY")
    if key:
        if len(key) < 16:
            raise SettingsError("SOTONG_SECRET_KEY is too short; give 16 characters or more.")
        return key
    return _kept_key(folder / "secret.key")


def _kept_key(path: Path) -> str:
    """The key made at the first start and kept beside the database, readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(32), encoding="ascii")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read or written: {error}. Set SOTONG_SECRET_KEY.") from error
