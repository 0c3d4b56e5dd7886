"""What deploy/ ships is well formed and says the same everywhere: image, compose file, proxy, unit."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy import dockerfile, unit
from tests.deploy.programs import DEPLOY, ROOT, output, program, required

DOCKERFILE = DEPLOY / "Dockerfile"
COMPOSE = DEPLOY / "compose.yaml"
CADDYFILE = DEPLOY / "Caddyfile"


def test_hadolint_accepts_the_dockerfile() -> None:
    assert output(program("hadolint"), str(DOCKERFILE)) == (0, "")


def test_the_image_holds_what_is_kept_in_git_and_runs_without_rights() -> None:
    found = dockerfile.instructions(DOCKERFILE)
    sources = [source for one in found if one.name == "COPY" for source in one.words()[:-1]]
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    assert [
        source for source in sources if not any(path == source or path.startswith(f"{source}/") for path in kept)
    ] == []
    user = dockerfile.only(found, "USER").text
    assert int(user) > 0
    assert [one.name for one in found].index("USER") < [one.name for one in found].index("CMD")
    # One volume, which is the home of the datasets and belongs to the user.
    volume = dockerfile.only(found, "VOLUME").text
    assert f"SALES_HOME={volume}" in dockerfile.only(found, "ENV").words()
    run = " ".join(one.text for one in found if one.name == "RUN")
    assert re.search(rf"install --directory --owner sales .* {volume}", run)
    assert f"--uid {user} " in run
    assert "/_stcore/health" in dockerfile.only(found, "HEALTHCHECK").text


def test_the_image_s_python_is_one_that_is_tested() -> None:
    version = re.match(r"python:(3\.\d+)-slim", dockerfile.only(dockerfile.instructions(DOCKERFILE), "FROM").text)
    assert version is not None
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert f'"{version[1]}"' in workflow


def test_the_builder_is_sent_what_the_image_copies_and_nothing_else() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*"
    copied = {
        source.rstrip("/")
        for instruction in dockerfile.instructions(DOCKERFILE)
        if instruction.name == "COPY"
        for source in instruction.words()[:-1]
    }
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied


def test_compose_file_is_valid_and_starts_two_processes_on_one_volume() -> None:
    if required():
        import compose_spec
    else:
        compose_spec = pytest.importorskip("compose_spec")
    compose = compose_spec.PyCompose.from_yaml(COMPOSE.read_text(encoding="utf-8"))
    compose.validate()
    services = compose.to_dict()["services"]
    proxy = services.pop("caddy")
    assert len(services) >= 2
    port = dockerfile.only(dockerfile.instructions(DOCKERFILE), "EXPOSE").text
    assert proxy["environment"]["SALES_UPSTREAMS"].split() == [f"{name}:{port}" for name in services]
    volume = dockerfile.only(dockerfile.instructions(DOCKERFILE), "VOLUME").text
    for service in services.values():
        assert service["volumes"] == [f"datasets:{volume}"]
        assert "ports" not in service
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).samefile(DOCKERFILE)
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in proxy["volumes"]
    # What people type is what the app answers to.
    assert {service["environment"]["SALES_HOSTS"] for service in services.values()} == {
        proxy["environment"]["SALES_SITE"]
    }


@pytest.mark.parametrize("site", ["", "sales.example.com", "sales.example.com, www.example.com"])
def test_caddy_accepts_the_caddyfile(site: str, tmp_path: Path) -> None:
    env = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)} | ({"SALES_SITE": site} if site else {})
    code, said = output(program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE), env=env)
    assert code == 0, said
    code, said = output(program("caddy"), "fmt", str(CADDYFILE))
    assert said == CADDYFILE.read_text(encoding="utf-8")


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """The unit as it is, but for the program's folder, which must be there to be accepted."""
    adapted = tmp_path / unit.UNIT.name
    text = unit.UNIT.read_text(encoding="utf-8").replace(unit.PREFIX, str(tmp_path))
    adapted.write_text(text, encoding="utf-8")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n", encoding="utf-8")
    python.chmod(0o755)
    assert output(program("systemd-analyze"), "verify", "--man=no", str(adapted)) == (0, "")
    adapted.write_text(text.replace("Restart=on-failure", "Restart=perhaps"), encoding="utf-8")
    assert "perhaps" in output(program("systemd-analyze"), "verify", "--man=no", str(adapted))[1]


def test_the_unit_starts_what_the_image_starts() -> None:
    image = dockerfile.only(dockerfile.instructions(DOCKERFILE), "CMD").words()
    service = unit.command("8501")
    assert image[1:5] == service[1:5] == ["-m", "streamlit", "run", "Home.py"]
    assert service[service.index("--server.address") + 1] == "localhost"
    assert service[service.index("--server.port") + 1] == image[image.index("--server.port") + 1]


def test_what_is_said_about_settings_is_said_of_settings_that_exist() -> None:
    """Each SALES_ variable in deploy/ and its guide is read by the app or by the Caddyfile."""
    guide = ROOT / "docs" / "deploy.md"
    named = {name for path in [*DEPLOY.iterdir(), guide] for name in re.findall(r"SALES_\w+", path.read_text("utf-8"))}
    code = [path.read_text(encoding="utf-8") for part in ("ui", "data") for path in (ROOT / part).rglob("*.py")]
    read = {name for text in [*code, CADDYFILE.read_text("utf-8")] for name in re.findall(r"SALES_\w+", text)}
    assert named <= read


def test_the_compose_file_hands_on_each_setting_that_the_guide_names() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    settings = {
        name
        for row in re.findall(r"^\| `SALES_.*", guide, re.MULTILINE)
        for name in re.findall(r"`(SALES_\w+)`", row.split("|")[1])
    }
    service = re.search(r"x-app: &app\n(.*?)\nservices:", COMPOSE.read_text(encoding="utf-8"), re.DOTALL)
    assert service is not None
    # These two are the proxy's.
    assert settings - {"SALES_SITE", "SALES_UPSTREAMS"} <= set(
        re.findall(r"^    (SALES_\w+):", service[1], re.MULTILINE)
    )


def test_the_guide_s_names_are_names_that_caddy_accepts(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    several = re.search(r"`\"([^`\"]+, [^`\"]+)\"`", guide)
    assert several is not None
    env = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "SALES_SITE": several[1]}
    code, said = output(program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE), env=env)
    assert code == 0, said


def test_the_guide_names_each_file() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert [path.name for path in DEPLOY.iterdir() if f"deploy/{path.name}" not in guide] == []
