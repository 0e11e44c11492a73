"""Runs producers against a null broker: each once a round, in turn, and what each run took."""

import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# A run that takes longer hangs.
PATIENCE = 600


def compiled(source, *options):
    """The program that a C file of the benchmark makes, which is made where it is not there."""
    path = os.path.join(root, "Benchmarks", source)
    sources = [path, os.path.join(root, "Benchmarks", "wire.h")]
    program = os.path.join(root, "build", "bench", source.removesuffix(".c"))
    if os.path.exists(program) and all(
        os.path.getmtime(file) < os.path.getmtime(program) for file in sources
    ):
        return program
    os.makedirs(os.path.dirname(program), exist_ok=True)
    compilers = [os.environ.get("CC"), "cc", "clang", "gcc"]
    compiler = next((name for name in compilers if name and shutil.which(name)), None)
    if not compiler:
        sys.exit("bench: no C compiler: apt-get install gcc")
    # By another name first: another benchmark may be running it, or making it.
    new = f"{program}.{os.getpid()}"
    subprocess.check_call([compiler, "-O2", "-Wall", *options, "-o", new, path])
    os.replace(new, program)
    return program


class NullBroker:
    """A null broker on ports that were free. It ends with this process, however that ends."""

    def __init__(self, program, partitions=4, brokers=1):
        self.process = subprocess.Popen(
            [program, str(partitions), str(brokers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # An interrupt at the terminal is for this process, which ends the broker.
            start_new_session=True,
        )
        self.bootstrap = self.process.stdout.readline().split()[1]
        self.port = int(self.bootstrap.split(",")[0].rpartition(":")[2])

    def totals(self):
        """What was produced since the last call."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Run:
    """One run of a producer: seconds and bytes, and what was lost or failed, or nothing."""

    wall: float
    cpu: float
    peak: int
    wire: int
    lost: str


@dataclass
class Producer:
    """A command with {b} for the broker and {p} for its port, what it reads, and its runs."""

    name: str
    command: str
    text: tuple  # kind and width
    partitions: int = 4
    brokers: int = 1
    runs: list = field(default_factory=list)
    lost_count: int = 0

    def median(self, quantity):
        """The median of the runs that count, or None if none does."""
        values = [getattr(run, quantity) for run in self.runs if not run.lost]
        return statistics.median(values) if values else None

    def peak(self):
        return max((run.peak for run in self.runs), default=None)

    def ratio(self, other, quantity):
        """The median of a quantity divided by the other's in the same round."""
        ratios = [
            getattr(mine, quantity) / getattr(its, quantity)
            for mine, its in zip(self.runs, other.runs)
            if not mine.lost and not its.lost
        ]
        return statistics.median(ratios) if ratios else None


def environment():
    """Without what could configure a producer."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class Stopwatch:
    """Runs commands by stopwatch.c."""

    def __init__(self, program):
        self.program = program

    def run(self, command, stdin=subprocess.DEVNULL):
        """What a command took, and what it said on standard error."""
        reader, writer = os.pipe()
        with tempfile.TemporaryFile() as errors, open(reader, "rb") as report:
            process = subprocess.Popen(
                [self.program, str(writer), *command],
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=[writer],
                env=environment(),
            )
            os.close(writer)
            guard = threading.Timer(PATIENCE, process.kill)
            guard.start()
            try:
                text = report.read()
            finally:
                guard.cancel()
                process.kill()
                process.wait()
            errors.seek(0)
            said = errors.read(300).decode(errors="replace").strip()
        if not text:
            text = b'{"wall": 0, "cpu": 0, "peak": 0, "status": 137}'
        return json.loads(text), said


def run(producer, path, broker, expected, stopwatch, through_pipe):
    """Runs a producer once. Its records count only if all of them have reached the broker."""
    command = shlex.split(producer.command.format(b=broker.bootstrap, p=broker.port))
    broker.totals()
    with open(path, "rb") as file:
        if through_pipe:
            with subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) as source:
                took, said = stopwatch.run(command, source.stdout)
        else:
            took, said = stopwatch.run(command, file)
    totals, status = broker.totals(), took["status"]
    lost = ""
    if totals["records"] != expected or status != 0:
        lost = f"{totals['records']} of {expected} records, status {status}: {said}"
    return Run(took["wall"], took["cpu"], took["peak"], totals["wireBytes"], lost)
