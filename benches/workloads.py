"""What the scripts of this folder share: the rules for a log of a size, logs, builds, and runs that are measured."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
WORKLOADS = ["w1", "w2", "w3a", "w3b", "w4"]
# Of all.treaty, by workload.
ARTICLES = {"1": "w1", "2": "w2", "3.1": "w3a", "3.2": "w3b", "4": "w4"}
MILLION = 1_000_000


def thresholds(events):
    """What is to be delivered in 90 days, and how many violations in 30 days are no breach yet."""
    return int(events * 0.12 / 30 * 90 / 365 * 100 * 0.85), int(events * 0.06 / 30 * 30 / 365 * 1.25)


def rules(folder, events):
    """Writes the rules for a log of so many events; returns the folder."""
    folder = pathlib.Path(folder) / f"rules-{events}"
    folder.mkdir(parents=True, exist_ok=True)
    (least, most), (least_of_million, most_of_million) = thresholds(events), thresholds(MILLION)
    for path in (HERE / "rules").glob("*.treaty"):
        text = path.read_text()
        for limit, written, wanted in ((">=", f"{least_of_million:_}", least), (">", f"{most_of_million:_}", most)):
            named = {">=": ("w3a", "all"), ">": ("w3b", "all")}[limit]
            expected = 1 if path.stem in named else 0
            if text.count(f" {limit} {written}\n") != expected:
                sys.exit(f"{path}: `{limit} {written}` should stand in it {expected} times")
            text = text.replace(f" {limit} {written}\n", f" {limit} {wanted}\n")
        (folder / path.name).write_text(text)
    return folder


def scratch(given=None):
    """A folder outside the project, for logs and builds of others; it is kept, so that they are made once."""
    folder = pathlib.Path(given or os.path.join(tempfile.gettempdir(), "servanda-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cargo(*arguments):
    """Runs cargo; returns the programs that it built, by the name of their target."""
    command = ["cargo", *arguments, "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed")
    built = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("reason") == "compiler-artifact" and message.get("executable"):
            built[message["target"]["name"]] = message["executable"]
    return built


def servanda(profile="release"):
    """Builds the program; returns its path."""
    return cargo("build", "--profile", profile, "--bin", "servanda")["servanda"]


def engine():
    """Builds the benchmark of the engine; returns its path."""
    return cargo("bench", "--bench", "engine", "--no-run")["engine"]


def last_at(log):
    """When the last event of a log happened, of whatever kind."""
    with open(log, "rb") as file:
        file.seek(max(0, log.stat().st_size - 1_000))
        return json.loads(file.read().splitlines()[-1])["at"]


def replay(program, treaty, log):
    """The command that replays a log, a verdict a line.

    Up to the last event, though it be of a kind that the rules do not declare: the reference goes by that.
    """
    return [program, "replay", str(treaty), str(log), "--until", last_at(log), "--ignore-unknown", "--format", "jsonl"]


# Runs one command and says what it cost. It is a process of its own because a child begins with the peak of the memory
# of its parent, which here may hold a million verdicts.
RUNNER = """
import json, os, sys, time
out, limit, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
actions = [(os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)]
import signal
start = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
over = []
signal.signal(signal.SIGALRM, lambda *_: (over.append(1), os.kill(child, signal.SIGKILL)))
signal.setitimer(signal.ITIMER_REAL, limit)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - start
signal.setitimer(signal.ITIMER_REAL, 0)
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024,
    "code": os.waitstatus_to_exitcode(status), "over": bool(over)}))
"""


def measure(command, out="/dev/null", codes=(0,), limit=600.0):
    """What a command costs: wall and CPU seconds, peak memory in bytes. None where it takes longer than the limit."""
    runner = [sys.executable, "-S", "-E", "-c", RUNNER, str(out), str(limit), *map(str, command)]
    done = subprocess.run(runner, stdout=subprocess.PIPE, check=True)
    cost = json.loads(done.stdout)
    if cost["over"]:
        return None
    if cost["code"] not in codes:
        sys.exit(f"{' '.join(map(str, command))} exited with {cost['code']}")
    return cost


def made_log(folder, events, seed, peers):
    """A log that the generator of the peers writes, made once."""
    place = folder / f"log-{events}-{seed}"
    log = place / "events.jsonl"
    if not log.exists():
        part = folder / f"log-{events}-{seed}.part"
        shutil.rmtree(part, ignore_errors=True)
        generator = [sys.executable, str(peers / "gen.py"), str(events), str(seed), str(part)]
        subprocess.run(generator, check=True, stdout=subprocess.DEVNULL)
        for other in ("events.csv", "events.monpoly"):
            (part / other).unlink(missing_ok=True)
        part.rename(place)
    return log
