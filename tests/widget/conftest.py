"""A browser for all tests of the widget, and a fresh page for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.served import Served
from tests.widget.browser import OPTIONS, Widget, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium; the tests fail, and say so, where there is none."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(OPTIONS))
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Callable[..., Widget]]:
    """Opens the page in a browser context of its own; every error on the page's console fails the test."""
    contexts, problems = [], []

    def open_page(url: str | None = None, **options: Any) -> Widget:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
        return Widget(page).open(url or served.web_url)

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


@pytest.fixture
def widget(opened: Callable[..., Widget]) -> Widget:
    """The page, open in a window of a desktop."""
    return opened()
