"""The files for Kubernetes: of the form that it publishes, and such that nothing is open that need not be."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.secrets import SECRETS
from service.settings import ROOT

FILES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
VALIDATOR = ROOT / "tests" / "tools" / ".venv" / "bin" / "kubernetes-validate"
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
VERSIONS = ("1.29", "1.33")
"""The oldest Kubernetes that the files are for, and a recent one."""


def problems(file: Path, version: str) -> str:
    """What the validator says against a file; it knows every field that Kubernetes publishes, and no other."""
    assert VALIDATOR.exists(), "the tools of the tests are not installed: run `make test-tools`"
    done = subprocess.run(
        [str(VALIDATOR), "--strict", "-k", version, str(file)], capture_output=True, text=True, timeout=60
    )
    told = done.stdout + done.stderr
    # Of what it has no schema for it only warns.
    return "" if done.returncode == 0 and " passed for resource " in told else told


def manifest(name: str) -> Any:
    """A file of deploy/kubernetes/, by its name."""
    return read(ROOT / "deploy" / "kubernetes" / f"{name}.yaml")


def read(file: Path) -> Any:
    """A file as Kubernetes reads it."""
    return YAML(typ="safe", pure=True).load(file)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_what_kubernetes_takes(file: Path, version: str) -> None:
    """By the schemas that Kubernetes itself publishes, fields that they do not know refused."""
    assert not problems(file, version)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: soon"),
        ("readOnlyRootFilesystem", "readOnlyRootFileSystem"),
        ("apiVersion: apps/v1", "apiVersion: apps/v7"),
        ("containers:", "container:"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, right: str, wrong: str) -> None:
    """The test above can fail: a wrong type, a misspelt field, an unknown version, a missing part."""
    text = (ROOT / "deploy/kubernetes/deployment.yaml").read_text(encoding="utf-8")
    assert right in text
    broken = tmp_path / "deployment.yaml"
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    assert problems(broken, VERSIONS[-1])


def test_only_what_people_use_is_reachable_from_outside() -> None:
    """The ingress lets in the web channel and the two addresses of the platforms."""
    paths = [path for rule in manifest("ingress")["spec"]["rules"] for path in rule["http"]["paths"]]
    assert {path["path"] for path in paths} == {
        "/webhooks/web",
        "/webhooks/slack/webhook",
        "/webhooks/teams/messages",
    }
    assert all(not "/webhooks/operations".startswith(path["path"]) for path in paths)


@pytest.mark.parametrize("name", ["deployment", "cronjob"])
def test_pods_can_do_no_more_than_they_need(name: str) -> None:
    """No root, no writing but to mounted folders, no rights, no account of the cluster, bounded memory."""
    spec = manifest(name)["spec"]
    pod = (spec["jobTemplate"]["spec"] if name == "cronjob" else spec)["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] and pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        may = container["securityContext"]
        assert may["readOnlyRootFilesystem"] and may["allowPrivilegeEscalation"] is False
        assert may["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["requests"] and container["resources"]["limits"]["memory"]
        written = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        assert {"/run/vcf", "/tmp"} <= written


def test_secrets_are_referred_to_and_never_written_down() -> None:
    """Every secret comes from a file of the Secret, which is nowhere among the files."""
    given = manifest("configmap")["data"]
    assert not set(given) & set(SECRETS)
    files = {value for name, value in given.items() if name.endswith("_FILE")}
    assert files and all(value.startswith("/etc/vcf/secrets/") for value in files)
    assert all(manifest(file.stem)["kind"] != "Secret" for file in FILES)


def test_one_selector_finds_what_the_deployment_makes() -> None:
    """The service, the policy and the budget are about the deployment's pods."""
    labels = manifest("deployment")["spec"]["template"]["metadata"]["labels"]
    assert manifest("service")["spec"]["selector"] == labels
    assert manifest("headlessservice")["spec"]["selector"] == labels
    assert manifest("poddisruptionbudget")["spec"]["selector"]["matchLabels"] == labels
    assert manifest("networkpolicy")["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    purge = manifest("cronjob")["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert not labels.items() <= purge.items(), "requests would be sent to the job"
    target = manifest("horizontalpodautoscaler")["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", manifest("deployment")["metadata"]["name"])


def test_only_the_autoscaler_says_how_many_pods_there_are() -> None:
    """A number in the deployment would be put back whenever it is applied, also in the middle of a busy day."""
    assert "replicas" not in manifest("deployment")["spec"]
    bounds = manifest("horizontalpodautoscaler")["spec"]
    assert 2 <= bounds["minReplicas"] < bounds["maxReplicas"]


def test_a_database_outside_the_cluster_can_be_let_out_to(tmp_path: Path) -> None:
    """The rule that stands in the policy as a comment is one that Kubernetes takes, for the same ports."""
    file = ROOT / "deploy" / "kubernetes" / "networkpolicy.yaml"
    text = re.sub(r"(?m)^    # (?=- to:|  )", "    ", file.read_text(encoding="utf-8"))
    with_it = tmp_path / file.name
    with_it.write_text(text, encoding="utf-8")
    for version in VERSIONS:
        assert not problems(with_it, version)
    before, rules = manifest("networkpolicy")["spec"]["egress"], read(with_it)["spec"]["egress"]
    (more,) = [rule for rule in rules if rule not in before]
    (inside,) = [rule for rule in before if "databases" in str(rule)]
    assert more["ports"] == inside["ports"] and [list(to) for to in more["to"]] == [["ipBlock"]]


def test_prometheus_finds_every_pod() -> None:
    """What docs/operations.md has it asked is the name of all pods, their port and the address of the figures; it comes
    in by the policy."""
    (block,) = re.findall(r"```yaml\n(scrape_configs:.*?)```", GUIDE, re.S)
    (job,) = YAML(typ="safe", pure=True).load(block)["scrape_configs"]
    (asked,) = job["dns_sd_configs"]
    service = manifest("headlessservice")
    assert service["spec"]["clusterIP"] == "None" and service["spec"]["publishNotReadyAddresses"] is True
    assert [name.split(".")[0] for name in asked["names"]] == [service["metadata"]["name"]]
    (container,) = manifest("deployment")["spec"]["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert asked["type"] == "A" and asked["port"] == ports["http"] == service["spec"]["ports"][0]["port"]
    assert f"| `{job['metrics_path']}` |" in GUIDE
    (rule,) = manifest("networkpolicy")["spec"]["ingress"]
    assert "monitoring" in str(rule["from"]) and rule["ports"] == [{"protocol": "TCP", "port": asked["port"]}]
