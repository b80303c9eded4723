"""Links that lead nowhere, and texts that are out of date by the edition they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from content.check.problem import Problem
from content.check.project import WORDINGS, Project, Steps, walk
from knowledge.model import Guideline

LINK = re.compile(r"(?:https?://|www\.)\S*", re.IGNORECASE)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
YEAR = re.compile(r"(?<![\d.,;:/-])(?:19|20)\d\d(?![\d-])")
EDITION = re.compile(r"\b((?:19|20)\d\d)\s+(update|edition|version|criteria|revision|tables?)\b", re.IGNORECASE)
SUPERSEDED = re.compile(r"supersed|replac", re.IGNORECASE)
"""Words with which a text may name an older edition."""
ASKED = "questions"
"""Ways of asking, in which any edition may be named."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def links(project: Project) -> Iterator[Problem]:
    """Addresses that no browser can open, or only without encryption."""
    for path, document in project.documents("knowledge/content/*/**/*.yml", *WORDINGS):
        for steps, node in walk(document.data):
            if isinstance(node, str):
                for found in LINK.findall(node):
                    for what, advice in _wrong(found):
                        yield project.problem(path, steps, f"the link {found} {what}", advice)


def _wrong(link: str) -> Iterator[tuple[str, str]]:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").casefold()
    except ValueError:
        host = ""
        parts = urlsplit("")
    if not HOST.fullmatch(host) and not link.casefold().startswith("www."):
        yield "has no complete name of a site", "copy the whole address from the browser"
    elif parts.scheme != "https":
        yield "is not a secure one", "let it begin with https://"
    elif link[-1] in ".,;)":
        yield f"ends in {link[-1]!r}", "take that character away from the link"


def other_editions(project: Project) -> Iterator[Problem]:
    """Texts that name another edition than their folder's, and folders that name another than guideline.yml."""
    for folder in project.editions:
        guideline = project.guideline(folder)
        years = YEAR.findall(guideline.edition) if guideline else []
        if guideline is None or not years:
            continue
        named = re.findall(r"(?:19|20)\d\d", PurePosixPath(folder).name)
        head = f"{folder}/guideline.yml"
        if named and named != years:
            what = f"the edition is called {guideline.edition!r}, but its folder is of {named[0]}"
            yield project.problem(head, ["edition"], what, f"correct the edition, or name the folder after {years[0]}")
        own = project.document(f"{folder}/sources.yml").data.get(guideline.source, {})
        if years[0] not in str(own.get("date", "")):
            what = f"the edition is of {years[0]}, but the date of its source {guideline.source} does not say so"
            yield project.problem(
                f"{folder}/sources.yml",
                [guideline.source, "date"],
                what,
                f"write {years[0]} there, or correct the edition",
            )
        yield from _texts(project, folder, years[0])


def _texts(project: Project, folder: str, year: str) -> Iterator[Problem]:
    for path, document in project.documents(f"{folder}/**/*.yml"):
        for steps, node in walk(document.data):
            if not isinstance(node, str) or ASKED in steps or path.endswith("/synonyms.yml"):
                continue
            for other, what in EDITION.findall(node):
                if other > year or (other < year and not SUPERSEDED.search(node)):
                    told = f"the text names the {other} {what}, and this is the edition of {year}"
                    yield project.problem(path, steps, told, f"write {year} {what}, or say that it is superseded")


def dates(project: Project) -> Iterator[Problem]:
    """Sources dated in the future or on days that do not exist, and statements that know more than their source."""
    for folder in project.editions:
        path = f"{folder}/sources.yml"
        for key, source in project.document(path).data.items():
            for found in ISO.findall(source["date"]):
                if advice := _bad_date(found):
                    yield project.problem(path, [key, "date"], f"the date {found} of {key} cannot be right", advice)
            for year in YEAR.findall(source["date"]):
                if int(year) > date.today().year:
                    what = f"the source {key} is dated {year}, which is still to come"
                    yield project.problem(path, [key, "date"], what, "correct the date")
        if guideline := project.guideline(folder):
            yield from _later_than_source(project, folder, guideline)


def _bad_date(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "write it as year-month-day, such as 2023-09-06"
    return "it is still to come; correct it" if day > date.today() else ""


def _later_than_source(project: Project, folder: str, guideline: Guideline) -> Iterator[Problem]:
    newest = {source.key: max(map(int, _years(source.date)), default=9999) for source in guideline.sources}
    for path, document in project.documents(f"{folder}/**/*.yml"):
        for steps, node in walk(document.data):
            if not isinstance(node, dict) or not isinstance(node.get("text"), str):
                continue
            source: Any = node.get("source")
            for year in YEAR.findall(node["text"]):
                if int(year) > newest.get(source, 9999):
                    here: Steps = [*steps, "text"]
                    what = f"the statement speaks of {year}, but its source {source} is of {newest[source]}"
                    yield project.problem(path, here, what, "cite the source that says so, or correct the year")


def _years(text: str) -> list[str]:
    return re.findall(r"(?:19|20)\d\d", text)
