"""One-time codes from an authenticator app (인증 앱 번호; TOTP, RFC 6238), and the picture to set one up."""

import io
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno

STEP_SECONDS = 30
_STEPS_AROUND = (0, -1, 1)
"""Clocks may be half a minute apart."""


def new_secret() -> str:
    """A secret to share with the app once."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is, or None. The caller refuses a step used before."""
    plain = "".join(letter for letter in code if letter.isdecimal())
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    here = totp.timecode(now)
    found = None
    for around in _STEPS_AROUND:
        if compare_digest(totp.generate_otp(here + around).encode(), plain.encode()) and found is None:
            found = here + around
    return found


def enrolment_address(secret: str, login: str, issuer: str) -> str:
    """What the app reads from the picture."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=login, issuer_name=issuer)


def picture(address: str) -> bytes:
    """The address as a QR code, in SVG, black on white in light and dark alike."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=6, border=4, dark="#000", light="#fff")
    return out.getvalue()
