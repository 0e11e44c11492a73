"""What is waited for in the small: the start of a program, and the answer to one line."""

import os
import socket
import statistics
import struct
import subprocess
import time

from measure import NullBroker, environment

# How often each is measured in a round.
STARTS = 40
LINES = 40
# Between two lines, so that the pipe is idle.
PAUSE = 0.01


def starts(kpipe, kcat, stopwatch, rounds):
    """Seconds from the start to the end of `--version`: medians by name."""
    commands = {"kpipe": [kpipe, "--version"], "true": ["true"]}
    if kcat:
        commands["kcat"] = [kcat, "-V"]
    times = {name: [] for name in commands}
    for _ in range(rounds * STARTS):
        for name, command in commands.items():
            took, said = stopwatch.run(command)
            if took["status"] != 0:
                raise SystemExit(f"bench: {command[0]}: status {took['status']} {said}")
            times[name].append(took["wall"])
    return {name: statistics.median(values) for name, values in times.items()}


def produce_request():
    """A Produce request of version 7 with one batch of one record, and no checksum in it."""
    record = b"\0\0\0\x01\x16hello world\0"
    record = bytes([len(record) * 2]) + record
    batch = struct.pack(
        ">qiibIhiqqqhii", 0, 49 + len(record), 0, 2, 0, 0, 0, 0, 0, -1, -1, -1, 1
    )
    batch += record
    body = struct.pack(">hhih5s", 0, 7, 1, 5, b"bench")
    body += struct.pack(">hhiih1siii", -1, -1, 30000, 1, 1, b"x", 1, 0, len(batch)) + batch
    return struct.pack(">i", len(body)) + body


def bare_exchanges(broker):
    """Times from a request to its answer, on a connection that has nothing else."""
    times, request = [], produce_request()
    with socket.create_connection(("127.0.0.1", broker.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(LINES):
            time.sleep(PAUSE)
            start = time.perf_counter()
            connection.sendall(request)
            if not connection.recv(4096):
                raise SystemExit("bench: the null broker did not answer")
            times.append(time.perf_counter() - start)
    return times


def tee_exchanges(kpipe, broker):
    """Times from a line into `kpipe -T` to its copy, which follows the acknowledgement."""
    times = []
    with subprocess.Popen(
        [kpipe, "-q", "-b", broker.bootstrap, "-t", "x", "-T"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env=environment(),
    ) as process:
        # The first lines wait for the connection.
        for count in range(-5, LINES):
            time.sleep(PAUSE)
            start = time.perf_counter()
            os.write(process.stdin.fileno(), b"hello world\n")
            if not os.read(process.stdout.fileno(), 4096):
                raise SystemExit("bench: kpipe -T ended")
            if count >= 0:
                times.append(time.perf_counter() - start)
        process.stdin.close()
    return times


def latencies(kpipe, null_broker, rounds):
    """Medians of both in seconds, and how many records the broker did not see."""
    bare, tee = [], []
    with NullBroker(null_broker) as broker:
        for _ in range(rounds):
            bare += bare_exchanges(broker)
            tee += tee_exchanges(kpipe, broker)
        lost = rounds * (LINES + LINES + 5) - broker.totals()["records"]
    return statistics.median(bare), statistics.median(tee), lost
