"""What authenticator apps share with the program, locked up in the database (인증 앱 비밀값 보관).

AES-256-GCM with a key made of SOTONG_SECRET_KEY (HKDF, RFC 5869); each is bound to its account, so that it
opens for no other. Who has the database alone has nothing of them.
"""

import base64
import binascii
import os

_MARK = "v1:"
_NONCE_BYTES = 12


class Vault:
    """Locks and opens with one key. The library is loaded at the first use: few sign-ins need it."""

    __slots__ = ("_secret_key",)

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def lock(self, secret: str, staff_id: int) -> str:
        """What the database keeps of an account's secret."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        locked = AESGCM(self._key()).encrypt(nonce, secret.encode(), str(staff_id).encode())
        return _MARK + base64.urlsafe_b64encode(nonce + locked).decode()

    def open(self, kept: str, staff_id: int) -> str | None:
        """The secret; None when it was locked with another key, or for another account.

        One that was kept before there was a lock comes back as it is.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self.is_open(kept):
            return kept
        try:
            sealed = base64.urlsafe_b64decode(kept.removeprefix(_MARK))
            nonce, locked = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return AESGCM(self._key()).decrypt(nonce, locked, str(staff_id).encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            return None

    def is_open(self, kept: str) -> bool:
        """True for one that was kept before there was a lock."""
        return not kept.startswith(_MARK)

    def _key(self) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, None, b"sotong-totp").derive(self._secret_key.encode())
