"""What all measurements share: the machine's name, medians, whole-process times, peers, and tables."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "bench"
PEERS = ROOT / ".bench"
PYTHON = ROOT / ".venv" / "bin" / "python"
AMENDS = ROOT / ".venv" / "bin" / "amends"
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def compile_bytes() -> None:
    """Write byte code for our own source, so that the compiler is not timed."""
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "src")], check=True, env=ENVIRONMENT)
    subprocess.run([str(PYTHON), "-m", "amends.language.compile"], check=True, env=ENVIRONMENT)


def process_times(commands: dict[str, list[str]], runs: int) -> dict[str, tuple[float, float]]:
    """Median wall milliseconds and peak memory in MB of whole processes; the commands take turns, so that drift hits all alike."""
    wall: dict[str, list[float]] = {name: [] for name in commands}
    peak = dict.fromkeys(commands, 0.0)
    for turn in range(runs + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd=PEERS) as process:
                _, _, usage = os.wait4(process.pid, 0)
                process.returncode = 0
            if turn:  # the first is a warm-up
                wall[name].append((time.perf_counter() - started) * 1000)
            peak[name] = max(peak[name], usage.ru_maxrss / 1024)
    return {name: (statistics.median(times), peak[name]) for name, times in wall.items()}


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def install_peers() -> bool:
    """Bring the peers into `.bench/`; False, with the reason printed, where they cannot be had."""
    PEERS.mkdir(exist_ok=True)
    if (PEERS / "node_modules").exists() and (PEERS / "python").exists():
        return True
    (PEERS / "package.json").write_bytes((HERE / "peers" / "package.json").read_bytes())
    try:
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], cwd=PEERS, check=True)
        subprocess.run([sys.executable, "-m", "venv", str(PEERS / "python")], check=True)
        pip = [str(PEERS / "python" / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(HERE / "peers" / "requirements.txt")]
        subprocess.run(pip, check=True, env=ENVIRONMENT)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the peers cannot be installed here: {error}", file=sys.stderr)
        return False
    return True


def table(title: str, head: list[str], rows: list[list[str]], notes: list[str]) -> str:
    """A Markdown table with the day and the machine."""
    machine = (
        f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
    )
    lines = [f"# {title}", "", f"{time.strftime('%Y-%m-%d')}, {machine}, load {os.getloadavg()[0]:.1f} at the end.", ""]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows), ""]
    return "\n".join([*lines, *notes, ""])


def publish(name: str, text: str) -> None:
    """Print a table and keep it under `results/`."""
    print(text)
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / name).write_text(text, encoding="utf-8")
