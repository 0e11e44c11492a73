"""The rows of the benchmark: what runs, on which text, and what is wanted of it."""

import shlex
from dataclasses import dataclass

from measure import Producer

# As many bytes for each row as the plain lines have, but fewer where a row is slow.
FEWER = {"gzip": 5}
PEAK_LIMIT = 64e6


@dataclass
class Goal:
    """What is wanted of kpipe: a quantity divided by another producer's, or the other way round.

    Without a bound it is shown, and nothing is wanted of it.
    """

    what: str
    quantity: str
    other: str
    at_least: float = None
    at_most: float = None

    @property
    def is_speed(self):
        """Whether the other's quantity is divided by kpipe's."""
        return self.at_least is not None

    def measure(self, producers):
        """The ratio, or None if a side of it did not run or lost records."""
        mine, other = producers.get("kpipe"), producers.get(self.other)
        if not mine or not other:
            return None
        if self.is_speed:
            return other.ratio(mine, self.quantity)
        return mine.ratio(other, self.quantity)

    def is_met(self, measured):
        if self.at_least is not None:
            return measured >= self.at_least
        return self.at_most is None or measured <= self.at_most


@dataclass
class Row:
    name: str
    what: str
    producers: list
    goals: list
    through_pipe: bool = False
    needs: str = ""  # what `kpipe --version` has to list

    def count(self, lines):
        """How many records of this row are as much as so many lines of 100 bytes."""
        width = max(100, max(producer.text[1] for producer in self.producers))
        return max(1, int(lines * 100 / width / FEWER.get(self.name, 1)))


def faster(times, other="kcat"):
    return Goal(f"speed, times {other}'s", "wall", other, at_least=times)


def within(times, other="limit"):
    of = f"{other}'s" if other == "limit" else f"that with {other}"
    return Goal(f"time, times {of}", "wall", other, at_most=times)


class Rows:
    """Makes the rows, for the paths of kpipe and of what there is of kcat and limit."""

    def __init__(self, programs):
        names = ["kpipe", "kcat", "limit"]
        self.programs = {name: shlex.quote(programs.get(name, name)) for name in names}

    def kpipe(self, text, options="", name="kpipe", **topology):
        command = f"{self.programs['kpipe']} -q -b {{b}} -t x {options}"
        return Producer(name, command, text, **topology)

    def kcat(self, text, options="", **topology):
        command = f"{self.programs['kcat']} -P -b {{b}} -t x {options}"
        return Producer("kcat", command, text, **topology)

    def limit(self, text):
        return Producer("limit", f"{self.programs['limit']} {{p}}", text)

    def all(self):
        return [
            *self.lines(),
            self.idempotent(),
            *self.keys(),
            *self.widths(),
            *self.codecs(),
            self.partitions(),
        ]

    def lines(self):
        plain = ("plain", 100)

        def producers():
            return [self.kpipe(plain), self.kcat(plain), self.limit(plain)]

        processor = Goal("processor time, of kcat's", "cpu", "kcat", at_most=0.1)
        return [
            Row("file", "lines from a file", producers(), [faster(8), within(1.5), processor]),
            Row("pipe", "through a pipe", producers(), [faster(8), within(1.2)], through_pipe=True),
        ]

    def idempotent(self):
        plain, other = ("plain", 100), "acks=1"
        # It is about instructions, which `make instructions` counts; time is what there is here.
        return Row(
            "idempotent",
            "idempotent, and `acks=1` without",
            [
                self.kpipe(plain),
                self.kpipe(plain, "-X acks=1 -X enable.idempotence=false", other),
            ],
            [
                Goal(f"time, times that with `{other}`", "wall", other),
                Goal(f"processor time, times that with `{other}`", "cpu", other, at_most=1.03),
            ],
        )

    def keys(self):
        def row(name, what, times, mine, options, needs=""):
            keyed = ("keyed", mine[1])
            producers = [self.kpipe(mine, options), self.kcat(keyed, "-K:")]
            return Row(name, what, producers, [faster(times)], needs=needs)

        pattern = r"pcre:user=(\w+)"
        return [
            row("json", "`--key json:/user/id`", 4, ("json", 200), "--key json:/user/id"),
            row("field", "`--key field:2`", 5, ("fields", 100), "--key field:2"),
            row("key", "`-K:`", 5, ("keyed", 100), "-K:"),
            row("pcre", f"`--key {pattern}`", 4, ("user", 100), f"--key '{pattern}'", "pcre"),
        ]

    def widths(self):
        def row(name, what, width, goals):
            text = ("plain", width)
            return Row(name, what, [self.kpipe(text), self.kcat(text), self.limit(text)], goals)

        return [
            row("short", "lines of 20 bytes", 20, [faster(15)]),
            row("long", "lines of 1 KB", 1024, [faster(2), within(1.5)]),
            row("huge", "lines of 64 KB", 65536, [within(1.5)]),
        ]

    def codecs(self):
        def row(codec, times, size):
            text, option = ("plain", 100), f"-z {codec}"
            goals = [
                faster(times),
                Goal("bytes on the wire, times kcat's", "wire", "kcat", at_most=size),
            ]
            producers = [self.kpipe(text, option), self.kcat(text, option)]
            return Row(codec, f"`-z {codec}`", producers, goals, needs=codec)

        return [
            row("gzip", 5.5, 1.08),
            row("snappy", 3, 1.03),
            row("lz4", 3, 1.03),
            row("zstd", 3, 1.03),
        ]

    def partitions(self):
        keyed, many = ("keyed", 100), {"partitions": 1000, "brokers": 8}
        few = "4 partitions"
        return Row(
            "partitions",
            "`-K:` to 1,000 partitions on 8 brokers",
            [
                self.kpipe(keyed, "-K:", **many),
                self.kcat(keyed, "-K: -X topic.partitioner=murmur2_random", **many),
                self.kpipe(keyed, "-K:", few),
            ],
            [faster(8), within(1.6, few)],
        )
