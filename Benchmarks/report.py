"""The benchmark's tables, in Markdown."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass

from rows import PEAK_LIMIT


@dataclass
class Line:
    """One goal of a row, and what came of it. Met is None where nothing is wanted."""

    row: str
    work: str
    what: str
    wanted: str
    measured: str
    met: bool = None

    def cells(self):
        met = {None: "", True: "yes", False: "**no**"}[self.met]
        return [self.what, self.wanted, self.measured, met]


def ratio(number):
    return f"{number:.2f}" if number < 10 else f"{number:.1f}"


def rate(number):
    return f"{number / 1e6:.2f} M" if number >= 1e5 else f"{number:,.0f}"


def goal_line(row, goal, producers):
    wanted = "" if goal.at_least is None else f"at least {goal.at_least}"
    if goal.at_most is not None:
        wanted = f"at most {goal.at_most}"
    measured = goal.measure(producers)
    if measured is None:
        measured = "LOST" if goal.other in producers else f"no {goal.other}"
        return Line(row.name, row.what, goal.what, wanted, measured)
    met = goal.is_met(measured) if wanted else None
    return Line(row.name, row.what, goal.what, wanted, ratio(measured), met)


def row_lines(row):
    """The goals of a row."""
    producers = {producer.name: producer for producer in row.producers}
    return [goal_line(row, goal, producers) for goal in row.goals]


def memory_line(runs):
    """The most memory that kpipe had in any row."""
    peaks = [(producer.peak(), row.name) for row, producer, _ in runs if producer.name == "kpipe"]
    peak, where = max(peaks)
    return Line(
        "memory",
        f"the most that kpipe had in a row, which was {where}",
        "peak memory",
        f"under {PEAK_LIMIT / 1e6:.0f} MB",
        f"{peak / 1e6:.0f} MB",
        peak < PEAK_LIMIT,
    )


def start_lines(medians):
    mine, kcat, least = (medians.get(name) for name in ("kpipe", "kcat", "true"))
    beside = ("no kcat", None) if kcat is None else (ratio(mine / kcat), mine <= kcat)
    work = f"`--version`, start to end (`true`: {least * 1e3:.2f} ms)"
    return [
        Line("start", work, "time", "under 3 ms", f"{mine * 1e3:.2f} ms", mine < 0.003),
        Line("start", work, "time, times that of `kcat -V`", "at most 1", *beside),
    ]


def latency_line(bare, tee):
    more = tee - bare
    return Line(
        "latency",
        "a line on an idle pipe to its acknowledged copy (`-T`)",
        f"time more than a bare request's {bare * 1e6:.0f} us",
        "at most 150 us",
        f"{more * 1e6:.0f} us",
        more <= 150e-6,
    )


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for cells in rows:
        # A bar inside a cell would begin another one.
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def goals_table(lines):
    """A line for each goal; the row's name stands in its first line alone."""
    cells, last = [], None
    for line in lines:
        row = ["", ""] if line.row == last else [f"`{line.row}`", line.work]
        cells.append(row + line.cells())
        last = line.row
    return table(["row", "work", "what", "wanted", "measured", "met"], cells)


def runs_table(rows):
    head = ["row", "producer", "records", "wall, s", "processor, s", "records/s", "peak, MB",
            "wire, MB", "lost runs"]
    return table(head, [run_cells(*entry) for entry in rows])


def run_cells(row, producer, count):
    cells = [row.name, producer.name, f"{count:,}"]
    wall = producer.median("wall")
    if wall is None:
        cells += [""] * 5
    else:
        cells += [
            f"{wall:.3f}",
            f"{producer.median('cpu'):.3f}",
            rate(count / wall),
            f"{producer.peak() / 1e6:.0f}",
            f"{producer.median('wire') / 1e6:.1f}",
        ]
    return cells + [f"LOST {producer.lost_count}" if producer.lost_count else "0"]


def output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def machine():
    """Processors and system, in a few words."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    name = model[1] if model else platform.machine()
    return f"{cores} cores of {name}, Linux {platform.release()}"


def setting(root, version, kcat, options, load):
    """Where and how it was measured, in a sentence; the load is that before."""
    commit = output("git", "-C", root, "rev-parse", "--short", "HEAD")
    if commit and output("git", "-C", root, "status", "--porcelain", "--untracked-files=no"):
        commit += ", changed"
    of = re.search(r"Version (\S+).*?librdkafka (\S+)", output("kcat", "-V") if kcat else "")
    beside = f"kcat {of[1]} with librdkafka {of[2]}" if of else "no kcat"
    return (
        f"{version}{f' ({commit})' if commit else ''} beside {beside}; {options.runs} rounds,"
        f" {options.lines:,} lines; {machine()}, load average {load:.1f} before,"
        f" {os.getloadavg()[0]:.1f} after."
    )
