"""What the source may not do: read YAML that can make objects, load pickles, run text, or hold secrets."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import ROOT

RUNS_WHAT_IT_LOADS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
MAKES_MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|createContextualFragment|DOMParser"
    r"|srcdoc|\beval\(|new Function|setTimeout\(\s*[\"'`]|javascript:"
)
SECRETS = {
    "a Slack token": r"xox[abeprs]-[0-9A-Za-z]{8,}-[0-9A-Za-z-]{10,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_[0-9A-Za-z_]{60,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a token of Azure": r"\b[0-9A-Za-z]{3}8Q~[0-9A-Za-z_.~-]{31,34}",
    "a JWT": r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}",
    "a password in an address": r"[a-z]://[^/\s:@{$<>\"']*:(?![A-Z]+@)[^/\s:@{$<>\"']{6,}@",
    "a secret that is given a value": (
        r"(?i)\b(?:SLACK_BOT_TOKEN|SLACK_SIGNING_SECRET|TEAMS_APP_PASSWORD|SESSION_KEY|PSEUDONYM_KEY)\b[\"']?\s*[:=]\s*"
        r"[\"']?(?=[^\s\"']*[0-9])[0-9A-Za-z+/_~.-]{24,}"
    ),
}
"""What real secrets look like; those that tests make up are shorter, or made when the test runs."""


def tracked(*suffixes: str) -> list[Path]:
    """The files of the repository with one of these endings, all if none is given."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if not suffixes or name.endswith(suffixes)]


PYTHON = tracked(".py")


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a file, with the name of what is called as it is written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def test_yaml_is_read_as_data_everywhere() -> None:
    """Only with the loaders that make plain values (safe, and rt, which keeps the lines), whatever the file says."""
    readers = 0
    for path in PYTHON:
        for call, name in calls(path):
            if name == "YAML" or name.endswith(".YAML"):
                readers += 1
                kinds = [ast.literal_eval(word.value) for word in call.keywords if word.arg == "typ"]
                assert not call.args and kinds in ([], ["safe"], ["rt"]), f"{path}:{call.lineno}"
            assert not re.fullmatch(r"yaml\.(?:load|load_all|unsafe_load|full_load)", name), f"{path}:{call.lineno}"
    assert readers > 3


def test_a_tag_in_content_makes_no_object() -> None:
    """A file that asks for a Python object is refused or read as what it is: words."""
    from knowledge.yaml_source import BadContent, read_document

    path = ROOT / ".build" / "hostile.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("label: !!python/object/apply:os.system ['touch /tmp/ran']\n", encoding="utf-8")
    try:
        found = type(read_document(path).data["label"]).__module__
        assert found.startswith("ruamel")
    except BadContent:
        pass
    finally:
        path.unlink()
    assert not Path("/tmp/ran").exists()


def test_nothing_is_unpickled_and_no_text_is_run() -> None:
    """Neither modules that load objects, nor eval, nor a shell."""
    for path in PYTHON:
        if not path.is_relative_to(ROOT / "tests"):
            check_runs_nothing(path)


def check_runs_nothing(path: Path) -> None:
    """Fails where a file loads objects or runs text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {getattr(node, "module", "") or "", *(alias.name for alias in node.names)}
            assert not {name.split(".")[0] for name in names} & RUNS_WHAT_IT_LOADS, f"{path}:{node.lineno}"
    for call, name in calls(path):
        words = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert name not in RUNS_TEXT and words.get("shell") != "True", f"{path}:{call.lineno}"
        if name in ("np.load", "numpy.load"):
            assert words.get("allow_pickle") == "False", f"{path}:{call.lineno}"


def test_the_widget_makes_no_markup_of_words() -> None:
    """Nodes and text alone: nothing that a browser would parse or run."""
    scripts = [path for path in tracked(".js", ".html") if path.parts[len(ROOT.parts)] in ("widget", "channels")]
    assert len(scripts) > 5
    for path in scripts:
        found = MAKES_MARKUP.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path}: {found}"


def test_no_secret_is_in_the_repository() -> None:
    """No tracked file holds what looks like a real secret."""
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for what, form in SECRETS.items():
            found = re.search(form, text)
            assert not found, f"{path} holds {what}"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "xoxb-" + "123456789012-123456789012-abcdefABCDEFabcdefABCDEF",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "redis://user:" + "hunter22hunter@cache:6379",
        "SESSION_KEY=" + "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIz",
        "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop",
    ],
)
def test_the_scan_finds_secrets(text: str) -> None:
    """It does find what it looks for."""
    assert any(re.search(form, text) for form in SECRETS.values())
