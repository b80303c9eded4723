"""The addresses of a database and a Redis on other machines, as the guide and the manifests write them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from redis import Redis
from sqlalchemy.engine import make_url

from service.addresses import problems
from service.settings import ROOT
from tests.deploy.test_kubernetes import GUIDE, manifest

DATABASE, REDIS = re.findall(r"^(postgresql://\S+sslmode\S+|rediss://\S+)$", GUIDE, re.M)
"""As docs/operations.md shows them whole."""
TEXTS = {
    "operations.md": GUIDE,
    "configmap.yaml": (ROOT / "deploy" / "kubernetes" / "configmap.yaml").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("name", ["DATABASE_URL", "AUDIT_DATABASE"])
def test_a_database_that_is_known_by_its_authority_is_taken(name: str) -> None:
    """The start allows it, and PostgreSQL's client is told where the certificate is."""
    assert list(problems({name: DATABASE})) == []
    url = make_url(DATABASE)
    _, told = url.get_dialect()().create_connect_args(url)
    assert told["sslmode"] == "verify-full" and told["sslrootcert"] == "/FOLDER/ca.crt"
    (refused,) = problems({name: DATABASE.partition("?")[0]})
    assert "?sslmode=verify-full&sslrootcert=/FOLDER/ca.crt" in refused


def test_a_redis_that_is_known_by_its_authority_is_taken() -> None:
    """The start allows it, and the client is told where the certificate is, and to compare the name."""
    assert list(problems({"REDIS_URL": REDIS})) == []
    told = Redis.from_url(REDIS).connection_pool.connection_kwargs
    assert told["ssl_ca_certs"] == "/FOLDER/ca.crt" and told["ssl_check_hostname"] is True
    assert list(problems({"REDIS_URL": f"{REDIS}&ssl_cert_reqs=none"}))


@pytest.mark.parametrize("text", TEXTS)
def test_the_certificate_is_a_key_of_the_secret_that_pods_have(text: str) -> None:
    """Its path lies where both kinds of pods mount the Secret, whose making names it; and every address has it."""
    paths = set(re.findall(r"(?:sslrootcert|ssl_ca_certs)=(/etc/[\w./-]+)", TEXTS[text]))
    assert (
        len(re.findall(r"sslrootcert=/etc/", TEXTS[text])) == len(re.findall(r"ssl_ca_certs=/etc/", TEXTS[text])) == 1
    )
    (path,) = map(PurePosixPath, paths)
    assert f"--from-file={path.name}" in GUIDE
    job = manifest("cronjob")["spec"]["jobTemplate"]["spec"]
    for pod in (manifest("deployment")["spec"]["template"]["spec"], job["template"]["spec"]):
        (secret,) = [volume for volume in pod["volumes"] if "secret" in volume]
        assert "items" not in secret["secret"], "every key is a file"
        (container,) = pod["containers"]
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounts[secret["name"]] == str(path.parent)


@pytest.mark.parametrize("text", TEXTS)
def test_no_address_asks_for_what_cannot_be_checked(text: str) -> None:
    """`verify-full` never stands alone in an address: it connects to nothing then."""
    assert not re.findall(r"\?sslmode=verify-full(?!&sslrootcert=)", TEXTS[text])
