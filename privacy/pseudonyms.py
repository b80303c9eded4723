"""Names of conversations that say nobody's: the same for the same conversation, and nothing without the key."""

from __future__ import annotations

import hashlib
import hmac

LENGTH = 32
"""Characters of a pseudonym: 128 bits."""


def pseudonym(key: str, conversation: str) -> str:
    """The name under which `conversation` stands in the audit (HMAC-SHA-256, RFC 2104)."""
    return hmac.new(key.encode(), conversation.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]
