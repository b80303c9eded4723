"""python -m content new: what is started is right, stands in the right place, and harms nothing."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from content.__main__ import main
from knowledge.content import read_content
from knowledge.yaml_source import BadContent
from tests.content.conftest import contents

Output = pytest.CaptureFixture[str]
STORY = ("--file", "variants", "--name", "v1 told in French spacing", "--say", "72F, new L2 fracture", "--expect", "v1")
VARIANT = (
    *("--number", "10", "--title", "Fracture in the spa. Next imaging study.", "--summary", "Fracture in the spa"),
    *("--scope", "imaging", "--because", "MRI leads.", "--rating", "Bone scan whole body = may be appropriate"),
)
ROW = ("--when", "symptoms=asymptomatic, fracture_status=new|known", "--before", "v4", "--reason", "it is in a spa")
FAQ = (
    *("--id", "sauna", "--question", "Is a sauna safe?", "--question", "May she go to the sauna?"),
    *("--question", "Steam bath with a VCF?", "--answer", "Heat is no risk.", "--answer", "Slipping is."),
    *("--source", "ACR", "--topic", "sauna"),
)


@pytest.fixture
def new(project: Path) -> Callable[..., int]:
    """Runs python -m content new KIND on a copy of the project, as a script does."""
    return lambda kind, *options: main(["new", "--project", str(project), kind, *options])


def load(path: Path) -> object:
    """The data of a YAML file."""
    return YAML(typ="safe").load(path)


def test_story_is_added_at_the_end(new: Callable[..., int], project: Path, capsys: Output) -> None:
    """The story stands at the end of its file, with its steps; nothing before it changes."""
    path = project / "tests/stories/variants.yml"
    before = path.read_text()
    assert new("story", *STORY, "--say", "is she to have an MRI?", "--expect", "neuro_status") == 0
    assert path.read_text().startswith(before)
    assert load(path)[-1] == {  # type: ignore[index]
        "story": "v1 told in French spacing",
        "steps": [
            {"user": "72F, new L2 fracture", "type": "recommendation", "outcome": "v1"},
            {"user": "is she to have an MRI?", "type": "question", "slot": "neuro_status"},
        ],
    }
    shown = capsys.readouterr().out
    assert f"variants.yml:{before.count(chr(10)) + 1}" in shown
    assert "pytest tests/stories" in shown


def test_story_in_a_new_file(new: Callable[..., int], project: Path) -> None:
    """A new file begins with what it is about."""
    assert new("story", *STORY, "--file", "spa", "--about", "Cases from the spa") == 0
    text = (project / "tests/stories/spa.yml").read_text()
    assert text.startswith("# Cases from the spa.\n- story: ")


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ((*STORY[:-1], "v11"), "Nothing is called 'v11'; did you mean 'v1'?"),
        ((*STORY, "--say", "one more"), "give one --expect for each --say"),
        (("--file", "variants", "--name", "v1 complete, no question"), "choose another name"),
        (STORY[:4], "Say --say: What does the clinician write?"),
        (("--file", "../x"), "use small letters and underscores"),
    ],
)
def test_story_refused(
    options: tuple[str, ...], advice: str, new: Callable[..., int], project: Path, capsys: Output
) -> None:
    """What cannot be taken is refused with advice, and nothing is written."""
    before = contents(project)
    assert new("story", *options) == 1
    assert advice in capsys.readouterr().err
    assert contents(project) == before


def test_questions_on_a_terminal(
    new: Callable[..., int], project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal everything missing is asked for, and a wrong answer is asked for again."""
    typed = iter(["variants", "typed story", "72F", "", "v77", "v1", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(builtins, "input", lambda question: next(typed))
    assert new("story") == 0
    assert "Nothing is called 'v77'" in capsys.readouterr().out
    assert load(project / "tests/stories/variants.yml")[-1]["steps"][0]["outcome"] == "v1"  # type: ignore[index]


def test_variant_with_its_row(new: Callable[..., int], project: Path, capsys: Output) -> None:
    """The edition with the new variant is valid; its row stands before the one named, the comments stay."""
    folder = project / "knowledge/content/acr-vcf-2022"
    before = (folder / "decisions.yml").read_text()
    assert new("variant", *VARIANT, *ROW) == 0
    guideline = read_content(folder)
    variant = guideline.outcome["v10"]
    assert [(rating.procedure, rating.category) for rating in variant.ratings] == [
        ("Bone scan whole body", "May be appropriate")
    ]
    outcomes = [row.outcome for row in guideline.rows]
    assert outcomes.index("v10") + 1 == outcomes.index("v4")
    row = guideline.rows[outcomes.index("v10")]
    assert row.when == {"symptoms": ("asymptomatic",), "fracture_status": ("new", "known")}
    after = (folder / "decisions.yml").read_text()
    assert [line for line in after.splitlines() if line in before.splitlines()] == before.splitlines()
    shown = capsys.readouterr().out
    assert "not rated: MRI spine area of interest without IV contrast" in shown
    assert "Give the variant its statements" in shown


def test_variant_whose_facts_are_not_known_yet(new: Callable[..., int], project: Path) -> None:
    """Its row is a comment to be completed; until then the content says what is missing."""
    folder = project / "knowledge/content/acr-vcf-2022"
    assert new("variant", *VARIANT) == 0
    assert "# - outcome: v10\n#   when: {fact: value}\n" in (folder / "decisions.yml").read_text()
    with pytest.raises(BadContent, match="no row leads to 'v10'"):
        read_content(folder)


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ((*VARIANT, "--number", "9"), "Variant 9 is there already; the next free number is 10."),
        ((*VARIANT, "--rating", "Bone scan = May be appropriate"), "No procedure is called 'Bone scan'"),
        ((*VARIANT, "--rating", "Bone scan whole body = Usually appropriate"), "is rated twice"),
        ((*VARIANT, "--when", "symptom=none"), "did you mean 'symptoms'?"),
        ((*VARIANT, "--source", "ARC"), "did you mean 'ACR'?"),
    ],
)
def test_variant_refused(
    options: tuple[str, ...], advice: str, new: Callable[..., int], project: Path, capsys: Output
) -> None:
    """Numbers that are taken and names that do not exist are refused; nothing is written."""
    before = contents(project)
    assert new("variant", *options) == 1
    assert advice in capsys.readouterr().err
    assert contents(project) == before


def test_faq(new: Callable[..., int], project: Path, capsys: Output) -> None:
    """The question stands at the end of knowledge.yml, each sentence with its source; a second one is refused."""
    folder = project / "knowledge/content/acr-vcf-2022"
    before = (folder / "knowledge.yml").read_text()
    assert new("faq", *FAQ) == 0
    assert (folder / "knowledge.yml").read_text().startswith(before)
    notes = [note for note in read_content(folder).notes if note.key == "sauna"]
    assert [(note.text, note.source) for note in notes] == [("Heat is no risk.", "ACR"), ("Slipping is.", "ACR")]
    assert new("faq", *FAQ) == 1
    assert "is called 'sauna' already" in capsys.readouterr().err
    assert new("faq", *FAQ, "--id", "steam") == 1
    assert "is asked in the entry 'sauna' already" in capsys.readouterr().err


def test_phrase(new: Callable[..., int], project: Path, capsys: Output) -> None:
    """The phrase stands at the end of its label, with what it newly finds in the development examples."""
    path = project / "nlu/rules/cancer.yml"
    before = path.read_text().splitlines()
    assert new("phrase", "--label", "cancer", "--phrase", "vertebroplasty l1|l2 five [weeks|days]") == 0
    shown = capsys.readouterr().out
    added = [line for line in path.read_text().splitlines() if line not in before]
    assert added == ["  - 'vertebroplasty l1|l2 five [weeks|days]'"]
    assert load(path)["findings"]["cancer"][-1] == "vertebroplasty l1|l2 five [weeks|days]"  # type: ignore[index]
    assert "development examples have it where cancer was not found before" in shown
    assert new("phrase", "--label", "cancer", "--phrase", "vertebroplasty l1|l2 five [weeks|days]") == 1
    assert "cancer has it already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("label", "phrase", "advice"),
    [("cancers", "x", "did you mean 'cancer'?"), ("cancer", "[open", "cannot be read: '[' is not closed")],
)
def test_phrase_refused(
    label: str, phrase: str, advice: str, new: Callable[..., int], project: Path, capsys: Output
) -> None:
    """Unknown labels and phrases that cannot be read are refused."""
    before = contents(project)
    assert new("phrase", "--label", label, "--phrase", phrase) == 1
    assert advice in capsys.readouterr().err
    assert contents(project) == before


def test_edition(new: Callable[..., int], project: Path, capsys: Output) -> None:
    """The copy is valid, names itself, and leaves the old edition as it was; what still names the old one is listed."""
    old = project / "knowledge/content/acr-vcf-2022"
    before = contents(old)
    options = ("--id", "acr-vcf-2027", "--edition", '2027 "update"', "--citation", "JACR 2028;25:1-2", "--date", "2028")
    assert new("edition", *options) == 0
    made = read_content(project / "knowledge/content/acr-vcf-2027")
    assert (made.edition, made.citation) == ('2027 "update"', "JACR 2028;25:1-2")
    source = made.source_of[made.source]
    assert (source.date, source.citation) == ("2028", "JACR 2028;25:1-2")
    assert [variant.ratings for variant in made.variants] == [variant.ratings for variant in read_content(old).variants]
    assert contents(old) == before
    shown = capsys.readouterr().out
    assert "acsearch.acr.org" in shown
    assert "Go through every rating" in shown
    assert new("edition", *options) == 1
    assert "nothing is overwritten" in capsys.readouterr().err
