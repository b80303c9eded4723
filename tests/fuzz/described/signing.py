"""Signs what schemathesis sends as Slack signs it (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

from __future__ import annotations

import hashlib
import hmac
import os
import time

import requests
import schemathesis


class Signed(requests.auth.AuthBase):
    """Adds the signature of a request as it is sent."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with its signature."""
        body, moment = request.body or b"", str(int(time.time()))
        content = body.encode() if isinstance(body, str) else body
        text = content.decode(errors="replace")
        signature = hmac.new(
            os.environ["SLACK_SIGNING_SECRET"].encode(), f"v0:{moment}:{text}".encode(), hashlib.sha256
        )
        request.headers["X-Slack-Request-Timestamp"] = moment
        request.headers["X-Slack-Signature"] = f"v0={signature.hexdigest()}"
        return request


schemathesis.auth.set_from_requests(Signed())
