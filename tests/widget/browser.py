"""A real Chromium with the page open, and what a clinician does there."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from service.settings import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHOTS = ROOT / "results" / "screenshots"
"""Where the tests leave pictures of every state; not in git."""


def chromium() -> str:
    """The path of a Chromium, which is installed from Debian's packages if there is none and that can be done.

    Raises RuntimeError saying how to get one.
    """
    if not _installed() and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
    if path := _installed():
        return path
    raise RuntimeError(
        "The widget's tests need a browser and found none. Install Chromium (Debian: apt-get install chromium) "
        f"so that one of {', '.join(NAMES)} is on the PATH."
    )


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Widget:
    """The widget in an open page."""

    page: Page

    @property
    def composer(self) -> Locator:
        """Where the clinician writes."""
        return self.page.get_by_label("Your message")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def last(self) -> Locator:
        """The latest answer that has a payload."""
        return self.page.locator("article.theirs:not([data-type=text])").last

    @property
    def alarm(self) -> Locator:
        """The alert above the conversation."""
        return self.page.locator(".alarm")

    def fact(self, slot: str) -> Locator:
        """A line of the case panel."""
        return self.page.locator(f".panel [data-slot={slot}]")

    def set_fact(self, slot: str, value: str) -> None:
        """Choose another value for a fact in the panel, and set it."""
        self.fact(slot).get_by_role("combobox").select_option(value)
        self.fact(slot).get_by_role("button", name="Set").click()

    def open(self, url: str) -> Widget:
        """Load the page and wait until the widget can be used."""
        self.page.goto(url)
        self.composer.wait_for()
        return self

    def say(self, text: str) -> None:
        """Write a message, send it with Enter, and wait for the answer."""
        with self.answered():
            self.composer.fill(text)
            self.composer.press("Enter")

    def answered(self) -> _Answered:
        """A block in which something is sent; it is left when the answer is there."""
        return _Answered(self)

    def shot(self, name: str) -> Path:
        """Keep a picture of the page."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


class _Answered:
    def __init__(self, widget: Widget) -> None:
        self._widget = widget

    def __enter__(self) -> None:
        self._before = self._widget.page.locator("article.theirs").count()

    def __exit__(self, *_: object) -> None:
        page = self._widget.page
        page.locator("article.theirs").nth(self._before).wait_for(state="attached", timeout=30_000)
        page.locator(".log[aria-busy=false]").wait_for(timeout=30_000)
