"""The house stands as it was drawn: arrows, sizes, names, containers."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.config import settings
from monitor.config.load import load
from tests.places import ROOT

PACKAGES = ("common", "storage", "ingester", "rules", "notifiers", "monitor")
LIMIT_LINES = 400
"""Blank ones not counted."""

CLOCKS = {
    "common/native/kept.py": "when this program began, beside when its files were replaced",
    "monitor/base/clock.py": "the program's",
    "storage/backends/steady.py": "the store's, behind `Storage.now`",
    "storage/backends/postgres.py": "the store's, behind `Storage.now`",
}


def tracked_files() -> list[Path]:
    """All files that git knows, or would take."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


HAVE_THE_PROGRAM = {"daemon", "mcp", "replay", "web"}
"""Rooms that are handed the whole program, or build one of their own."""


def test_every_room_of_the_program_is_under_contract() -> None:
    """A new one would know the command line, or the program, before anybody noticed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    under = {
        forbidden: {name.removeprefix("monitor.") for name in contract["source_modules"]}
        for contract in contracts
        if contract["type"] == "forbidden"
        for forbidden in contract["forbidden_modules"]
    }
    here = {path.parent.name for path in (ROOT / "monitor").glob("*/__init__.py")} - {"cli"}
    assert here == under["monitor.cli"] - {"app"} == under["click"] - {"app"}
    assert here - HAVE_THE_PROGRAM == under["monitor.app"]


@pytest.mark.parametrize("name", PACKAGES)
def test_our_packages_are_ours(name: str) -> None:
    """Packages of the same names exist elsewhere; one of them beside ours would win or lose."""
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).parent == ROOT / name


SOURCES = (".py", ".c", ".h")


def sources(packages: Iterable[str] = PACKAGES) -> list[Path]:
    """Every file of packages that somebody wrote, in Python and in C."""
    return [
        path
        for name in packages
        for path in (ROOT / name).rglob("*.*")
        if path.suffix in SOURCES and path.is_file()
    ]


def test_no_file_of_ours_is_over_the_limit() -> None:
    lines = {
        str(path.relative_to(ROOT)): sum(map(bool, map(str.strip, path.read_text().splitlines())))
        for path in sources((*PACKAGES, "bench"))
    }
    long = {name: count for name, count in lines.items() if count > LIMIT_LINES}
    assert long == {}


MOST_FILES = 20
"""In one folder, its `__init__.py` not counted: more is a corridor, not a room."""


def rooms(packages: Iterable[str] = PACKAGES) -> dict[Path, list[Path]]:
    """Every folder of packages with its sources; migrations are steps, not rooms."""
    files: dict[Path, list[Path]] = {}
    for path in sources(packages):
        if "versions" not in path.parts:
            files.setdefault(path.parent, []).append(path)
    return files


def test_no_folder_holds_more_than_a_room_can() -> None:
    sizes = {
        str(folder.relative_to(ROOT)): sum(path.name != "__init__.py" for path in files)
        for folder, files in rooms((*PACKAGES, "bench", "tests")).items()
    }
    assert {name: size for name, size in sizes.items() if size > MOST_FILES} == {}


def test_every_bench_is_in_their_list() -> None:
    listed = (ROOT / "bench" / "README.md").read_text()
    for path in (ROOT / "bench").rglob("*.py"):
        if "argparse" in path.read_text():
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            assert f"`{name}" in listed, name


def test_every_room_says_what_lives_there() -> None:
    for folder, files in rooms((*PACKAGES, "bench")).items():
        door = folder / "__init__.py"
        assert door in files, f"{folder} has no __init__.py"
        tree = ast.parse(door.read_text())
        assert ast.get_docstring(tree), f"{door} does not say what lives there"
        assert len(tree.body) == 1, f"{door} holds more than its docstring"


def test_every_room_stands_on_the_map() -> None:
    rows = [
        line.split("|")[1]
        for line in (ROOT / "docs" / "architecture.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    named = {word.split("/")[-1] for row in rows for word in re.findall(r"`([^`]+?)/?`", row)}
    doors = [folder.relative_to(ROOT) for folder in rooms()]
    missing = [door for door in doors if len(door.parts) == 2 and door.name not in named]
    assert missing == []


def test_every_decision_has_a_number_of_its_own_and_says_it() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    titles = [path.read_text().partition("\n")[0] for path in decisions]
    numbers = [f"{number:03}" for number in range(1, len(decisions) + 1)]
    assert [path.name[:3] for path in decisions] == numbers
    assert [title[:7] for title in titles] == [f"# {number}. " for number in numbers]


def imported(path: Path) -> set[Path]:
    """The files of ours that a file imports, also only for its types or inside of a function."""
    found: set[Path] = set()
    if path.suffix != ".py":
        return found
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{name.name}" for name in node.names] + [node.module]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            file = (ROOT / name.replace(".", "/")).with_suffix(".py")
            if name.partition(".")[0] in PACKAGES and file.is_file():
                found.add(file)
    return found


def circles(arrows: dict[Path, set[Path]]) -> set[tuple[str, str]]:
    """Every two places of which each is reached from the other along arrows."""

    def reached(start: Path) -> set[Path]:
        seen: set[Path] = set()
        todo = [start]
        while todo:
            for place in arrows.get(todo.pop(), ()):
                if place not in seen:
                    seen.add(place)
                    todo.append(place)
        return seen

    below = {place: reached(place) for place in arrows}
    return {
        (str(one.relative_to(ROOT)), str(other.relative_to(ROOT)))
        for one, others in below.items()
        for other in others & below.keys()
        if other != one and one in below[other]
    }


def test_no_two_files_import_each_other_in_a_circle() -> None:
    assert circles({path: imported(path) for path in sources()}) == set()


def test_no_two_rooms_import_each_other_in_a_circle() -> None:
    """Also by way of a package's door: the nouns and protocols that stand there know no room
    that uses them. The doors themselves may: `ingester/articles.py` uses what is below it."""
    doors = set(PACKAGES)
    arrows = {
        folder: {file.parent for path in files for file in imported(path)}
        for folder, files in rooms().items()
    }
    assert {pair for pair in circles(arrows) if doors.isdisjoint(pair)} == set()


def test_every_file_says_its_purpose_first() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if not path.read_text().lstrip().startswith(('"""', 'r"""', "/*"))
    ]
    assert silent == []


NAMELESS = ("services", "pipeline", "backtest", "explain", "rules_file", "net", "translation")
"""Rooms of monitor whose sentences a page or an API shows as well: a remedy has a kind there."""

MAY_NAME_COMMANDS = {"monitor/services/fields/source_fields.py": "the help of options"}


def test_only_the_command_line_names_its_commands() -> None:
    from monitor.cli.main import COMMANDS

    names = re.compile(rf"\b({'|'.join(name for name in COMMANDS if '-' in name)})\b")
    naming = {
        str(path.relative_to(ROOT))
        for room in NAMELESS
        for path in (ROOT / "monitor" / room).rglob("*.py")
        if any(names.search(text) for text in sentences(path))
    }
    assert naming == MAY_NAME_COMMANDS.keys()


def sentences(path: Path) -> list[str]:
    """Every string of a file that is no docstring: none of those stands alone as a statement."""
    tree = ast.parse(path.read_text())
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [node.value for node in strings if isinstance(node.value, str) and id(node) not in alone]


def test_only_the_clock_asks_what_time_it_is() -> None:
    asks = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|(?<!\w)time\.time\(")
    asking = {
        str(path.relative_to(ROOT))
        for name in PACKAGES
        for path in (ROOT / name).rglob("*.py")
        if asks.search(path.read_text())
    }
    assert asking - CLOCKS.keys() == set()


def test_nothing_names_a_registry_a_machine_path_or_a_private_host() -> None:
    # Written in pieces, so that this file does not name them either.
    forbidden = re.compile(
        "|".join(
            (
                "pypi" + r"\.org",
                "pythonhosted" + r"\.org",
                "/wor" + "k/(main|shared)",
                "/ro" + "ot/",
                "/home/" + r"[a-z]+/",
                "index" + "-url",
                "find" + "-links",
            )
        )
    )
    named = []
    for path in tracked_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{path.relative_to(ROOT)}: {match[0]}" for match in forbidden.finditer(text)]
    assert named == []


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_every_variable_that_compose_sets_is_one_that_we_read(compose: dict[str, Any]) -> None:
    given = set(compose["services"]["monitor"]["environment"])
    assert given <= settings.VARIABLES


def test_compose_hands_on_every_setting_that_it_does_not_set_itself(
    compose: dict[str, Any],
) -> None:
    given = compose["services"]["monitor"]["environment"]
    # One of the two ways of naming the database is set; settings from a file need that file.
    assert settings.VARIABLES - set(given) == {"MONITOR_DATABASE_URL", "MONITOR_CONFIG"}
    itself = {"MONITOR_HOME", "MONITOR_SEEDS", "MONITOR_DATABASE_URL_FILE", "MONITOR_LOG_FORMAT"}
    for variable in set(given) - itself:
        assert given[variable] == f"${{{variable}:-}}"


def test_compose_waits_for_a_healthy_database_and_keeps_secrets_in_files(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert services["monitor"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert "healthcheck" in services["db"]
    assert all("file" in secret for secret in compose["secrets"].values())
    used = {name for service in services.values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    mounted = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    folders = {folder for folder in mounted if folder.startswith("./")}
    assert all((ROOT / folder).is_dir() for folder in folders)
    assert mounted - folders == set(compose["volumes"])
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_compose_publishes_the_page_at_the_port_at_which_it_may_be_let_listen(
    compose: dict[str, Any],
) -> None:
    port = load(environ={}).web_listen.rpartition(":")[2]
    monitor = compose["services"]["monitor"]
    assert [each.rpartition(":")[2] for each in monitor["ports"]] == [port]
    assert "MONITOR_WEB_LISTEN" in monitor["environment"]
    head = (ROOT / "docker-compose.yml").read_text().partition("services:")[0]
    assert f"MONITOR_WEB_LISTEN=0.0.0.0:{port}" in head


def test_a_worker_of_compose_is_not_asked_for_a_page_that_it_does_not_serve(
    compose: dict[str, Any],
) -> None:
    worker = compose["services"]["worker"]
    assert worker["command"] == ["worker"]
    assert worker["healthcheck"] == {"disable": True}
    assert "ports" not in worker  # which several could not share


def test_the_image_runs_a_command_of_ours_as_nobody_special() -> None:
    from monitor.cli.main import COMMANDS

    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    steps = [(line[0], line[1]) for line in lines if line[0].isupper()]
    last = dict(steps)
    assert last["USER"] not in ("root", "0")
    assert last["ENTRYPOINT"] == '["monitor"]'
    assert yaml.safe_load(last["CMD"])[0] in COMMANDS
    assert re.findall(r"\bMONITOR_\w+", text) == ["MONITOR_HOME"]
    health = next(value for step, value in steps if step == "HEALTHCHECK")
    module = yaml.safe_load(health.partition("CMD ")[2])[-1]
    assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()


def test_the_wheel_carries_all_packages_and_the_seeds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) == set(PACKAGES)
    assert wheel["force-include"] == {"seeds": "monitor/_seeds"}
    assert any((ROOT / "seeds").iterdir())


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_are_plain_sh_and_may_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111 == 0o111
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", path], check=True)
