"""Everything that the report shows, put together."""

from __future__ import annotations

from pathlib import Path

from content.check.project import EDITIONS, Project
from content.report.confusions import Confusions, OtherPipeline, Tell
from content.report.coverage import coverage
from content.report.differences import Differences
from content.report.history import NoHistory
from content.report.kept import kept_confusions
from content.report.page import Report, write
from content.report.states import Unreadable, opened
from knowledge.content import CONTENT, read_content

BUILT = ".build"
"""Where the judgments of the classifier are kept, below the project's folder."""


def make(root: Path, folder: Path, against: str | None, with_intents: bool, tell: Tell) -> Path:
    """Write the report on the project in `root` into `folder`; returns the page.

    `against` says what to compare with (content.report.states.opened), `tell` hears what is being done. Raises
    BadContent if the guideline cannot be read, NoHistory or Unreadable if what was named cannot be compared.
    """
    tell("Reading the content …")
    project = Project(root)
    guideline = read_content(root / EDITIONS / CONTENT.name)
    covered = coverage(project, guideline)
    confusions, why_no_confusions = _confusions(project, with_intents, tell)
    tell("Comparing with the earlier state …")
    try:
        with opened(root, against) as states:
            report = Report(guideline, covered, Differences(*states), "", confusions, why_no_confusions)
            return write(report, folder)
    except (NoHistory, Unreadable) as error:
        if against:
            raise
        return write(Report(guideline, covered, None, str(error), confusions, why_no_confusions), folder)


def _confusions(project: Project, wanted: bool, tell: Tell) -> tuple[Confusions | None, str]:
    if not wanted:
        return None, "it was left out; leave --without-intents away to measure it, which takes some minutes."
    try:
        return kept_confusions(project, project.root / BUILT, tell), ""
    except OtherPipeline as error:
        return None, f"{error}."
