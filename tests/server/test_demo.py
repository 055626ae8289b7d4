"""`dbtool demo`, from the checkout and from a wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dbtool import server

CHECKOUT = Path(__file__).parents[2]
Connect = Callable[..., psycopg.Connection[tuple[object, ...]]]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """An empty folder whose server is stopped and removed at the end."""
    folder = tmp_path / "project"
    folder.mkdir()
    yield folder
    server.stop(folder)
    shutil.rmtree(server.home(folder))


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dbtool", *arguments]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return subprocess.run(
        command, cwd=folder, env=kept | environment, capture_output=True, text=True
    )


def without_times(output: str) -> str:
    """Take out what differs from one run to the next: times, keys and order numbers."""
    key, number = r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", r"\w{4}(-\w{4}){2}"
    return re.sub(rf"[\d.]+ s\b|\b{key}\b|\b{number}\b", "", output)


def test_shows_the_main_job_any_number_of_times(project: Path) -> None:
    # The environment is not asked, because the demo's data is not for a database of the user.
    first = run(project, "demo", DATABASE_URL="host=/nowhere")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "SHI01 INSUFFICIENT_STOCK: not enough stock" in first.stdout
    assert re.search(r"^ *MUG-RED +12 +8 +4 +true$", first.stdout, re.MULTILINE)
    # A payment that is declined, tried again and captured, and the parcel.
    assert "declined insufficient_funds" in first.stdout
    assert re.search(
        r"^ *PAYMENT_FAILED +insufficient_funds +true +pending$", first.stdout, re.MULTILINE
    )
    assert re.search(r"authorized +confirmed$", first.stdout, re.MULTILINE)
    assert re.search(r"^ *shipped +shipped$", first.stdout, re.MULTILINE)
    assert re.search(r"^ *48[.]0000 +paid$", first.stdout, re.MULTILINE)
    assert len(first.stdout.splitlines()) <= 125
    second = run(project, "demo")
    assert without_times(second.stdout) == without_times(first.stdout)


def test_what_it_says_to_try_next_works(project: Path) -> None:
    played = run(project, "demo")
    url = re.search(r"export DATABASE_URL='(.*)'", played.stdout)
    assert url is not None
    status = run(project, "status", "--exit-code", DATABASE_URL=url[1])
    assert status.returncode == 0, status.stdout + status.stderr
    listed = run(project, "server", "psql", "shop_demo", "-Xc", r"\df inventory.*")
    assert "reserve_inventory" in listed.stdout


def test_plays_in_a_given_database_beside_what_is_there(
    project: Path, shop: str, connect: Connect
) -> None:
    with connect(shop, autocommit=True) as connection:
        connection.execute("create table public.mine as select 1")
        played = [run(project, "demo", "--database-url", shop) for _ in range(2)]
        assert [done.returncode for done in played] == [0, 0], played[1].stdout + played[1].stderr
        assert connection.execute("select count(*) from public.mine").fetchone() == (1,)
        stock = "select current_stock, available_stock from inventory.stock_totals where sku = %s"
        assert connection.execute(stock, ("MUG-RED",)).fetchone() == (12, 4)


def test_is_refused_on_production(project: Path, empty_database: str, connect: Connect) -> None:
    url = ("--database-url", empty_database)
    (project / "dbtool.toml").write_text("[environments.production]\n")
    migrated = run(project, "migrate", "--env", "production", *url)
    assert migrated.returncode == 0, migrated.stderr
    refused = run(project, "demo", *url)
    assert refused.returncode == 7
    assert "production" in refused.stderr
    rows = connect(empty_database).execute("select count(*) from product.variants").fetchone()
    assert rows == (0,)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(CHECKOUT)]
    built = subprocess.run([*pip, *build], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_sql(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if "/_packaged/" in name}
    files = {path for path in (CHECKOUT / "sql").rglob("*") if path.suffix in (".sql", ".toml")}
    assert packed >= {
        f"dbtool/_packaged/{path.relative_to(CHECKOUT / 'sql').as_posix()}" for path in files
    }


def test_an_installed_wheel_needs_no_checkout(
    wheel: Path, tmp_path: Path, project: Path, empty_database: str
) -> None:
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    install = ["install", "--quiet", "--no-deps", "--no-index", "-t", str(site), str(wheel)]
    subprocess.run([*pip, *install], check=True)
    environment = {"PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import dbtool; print(dbtool.__file__)"],
        cwd=project, env=os.environ | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(site)
    migrated = run(project, "migrate", "--database-url", empty_database, **environment)
    assert migrated.returncode == 0, migrated.stderr
    played = run(project, "demo", **environment)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "SHI01 INSUFFICIENT_STOCK" in played.stdout
