"""The file of the image: sound by its linter; what comes in is enough for what its pods run, and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from service.settings import ROOT
from tests.deploy.context import taken

FILE = ROOT / "deploy" / "Containerfile"
LINTER = ROOT / "tests" / "tools" / ".venv" / "bin" / "hadolint"
STARTS = ("service.worker", "service.rasa_server", "service.action_server", "service.supervisor", "service.retention")
"""What a pod and the nightly job run, from the first import on."""
BUILDS = ("service.build", "rasa.model_training")
"""What `make train` runs while the image is built."""
LEFT_OUT = {".ci", ".dockerignore", ".gitignore", "CONTRIBUTING.md", "tests"}
"""What the repository holds and no image needs."""
STRAYS = (
    ".env",
    ".git/config",
    "database-url",
    "session-key",
    "ca.crt",
    "logs/servers.log",
    "backup.sql",
    "content/.env",
    "data/conversations.sqlite-wal",
    "service/servers.log.1",
    "service/production.env",
    "deploy/kubernetes/tls.key",
    "deploy/server.pem",
    "audit/answers.sql.gz",
    "storage/tracker.dump",
    "domain.yml.bak",
)
"""What somebody may have beside the code or in it."""
WITHOUT = """
import importlib, sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {gone!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
for name in {names!r}:
    importlib.import_module(name)
"""
"""A program that imports modules where others are not installed."""


def linted(text: str) -> str:
    """What the linter says against a Containerfile."""
    assert LINTER.exists(), "the tools of the tests are not installed: run `make test-tools`"
    done = subprocess.run([str(LINTER), "--no-color", "-"], input=text, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def test_the_containerfile_is_sound() -> None:
    """Nothing against it; something against one that is not."""
    text = FILE.read_text(encoding="utf-8")
    assert not linted(text)
    assert linted(text.replace(":3.11-slim-bookworm\nCOPY", "\nCOPY"))


def tracked() -> list[str]:
    """The files of the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if (ROOT / name).exists()]


def only_of_development() -> set[str]:
    """The modules that are installed for development alone, by what is locked."""
    packages = {package["name"]: package for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    runs, todo = set(), ["vcf-guideline-assistant"]
    while todo:
        name = todo.pop()
        if name not in runs:
            runs.add(name)
            package = packages[name]
            for needed in (package.get("dependencies", []), *package.get("optional-dependencies", {}).values()):
                todo += [each["name"] for each in needed]
    plain = {module: {_plain(name) for name in names} for module, names in packages_distributions().items()}
    return {module for module, names in plain.items() if not names & runs and names & set(packages)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_copied_is_enough(tmp_path: Path) -> None:
    """Every module that a pod begins with, or its image is built with, is found among the files of the image, with all
    that it imports, and without what is installed for development alone."""
    for name in filter(taken, tracked()):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    assert not (tmp_path / "tests").exists()
    gone = only_of_development()
    assert {"hypothesis", "mypy", "playwright"} <= gone and not gone & {"rasa", "numpy", "fhir"}
    program = WITHOUT.format(gone=gone, names=STARTS + BUILDS)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    unable = WITHOUT.format(gone=gone, names=["hypothesis"])
    assert subprocess.run([sys.executable, "-c", unable], cwd=tmp_path, capture_output=True, timeout=60).returncode


def test_all_of_the_repository_comes_in_or_is_known_not_to() -> None:
    """A new folder or file is named in .dockerignore, or here."""
    assert {name.split("/")[0] for name in tracked() if not taken(name)} == LEFT_OUT


@pytest.mark.parametrize("folder", ["", "content/", "knowledge/content/"])
def test_nothing_else_of_the_host_comes_in(folder: str) -> None:
    """Neither what git does not keep, such as messages, keys and logs, nor what lies beside the code."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").replace("*", "x").split()
    assert ".build/" in ignored
    for name in ignored:
        assert not taken(f"{folder}{name}" + ("conversations" if name.endswith("/") else ""))
    assert not any(taken(f"{folder}{name}") for name in (".build/keys/session", "servers.log", "audit.sqlite"))
    assert not any(map(taken, STRAYS))


def test_one_list_is_read_by_docker_and_podman() -> None:
    """No other, which one of them would take instead; and what is read here is what would fail the test above."""
    others = [path.name for path in (*ROOT.glob(".*ignore"), *(ROOT / "deploy").rglob("*ignore"))]
    assert sorted(others) == [".dockerignore", ".gitignore"]
    assert taken(".build/keys/session", ".git\n.venv\ntests\n")
    assert not taken("a/b/c.log", "*\n!a\n**/*.log\n") and taken("a/b/c.py", "*\n!a\n**/*.log\n")


def test_nothing_built_before_stays_in_the_image() -> None:
    """Even if it came in: it is removed before anything is built; neither do keys and the installer stay."""
    (line,) = re.findall(r"^RUN (.*make train.*)$", FILE.read_text(encoding="utf-8"), re.M)
    steps = [step.strip() for step in line.split("&&")]
    built = steps.index("make train NO_DEV=1")
    assert "rm -rf .build" in steps[:built] and "rm -rf .build/keys .uv" in steps[built:]


def options(target: str, *given: str) -> set[str]:
    """Which packages the command of a target is about: what it is told beside how to do it."""
    command = ["make", "--dry-run", "--assume-new=pyproject.toml", target, *given]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (words,) = re.findall(rf"uv {'export' if target == 'sbom' else 'sync'} (.*)", told)
    return set(re.findall(r"--(?:no-)?(?:frozen|locked|dev|extra \S+|all-\S+|group \S+|only-\S+)", words))


def test_the_image_installs_what_is_listed() -> None:
    """`make` in the image installs the packages that `make sbom` lists and that are audited, and no others."""
    listed = options("sbom")
    assert listed == {"--frozen", "--no-dev", "--extra fhir"}
    commands = re.findall(r"\bmake ((?:setup|train)\b[^&\n]*)", FILE.read_text(encoding="utf-8").split("AS built")[1])
    assert len(commands) == 2
    for command in commands:
        assert options(*command.split()) == listed, command
    assert options("setup") == listed - {"--no-dev"}, "tests and lint need more"
