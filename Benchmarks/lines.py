"""The benchmark's text: words as in a log, from a fixed seed, in lines of one width.

    lines.py KIND COUNT WIDTH > FILE

The width includes the newline. Kinds: plain; keyed, with KEY: in front; fields, with the key as the
second word; user, with user=KEY inside; json, with the key at /user/id. There are 100,000 different
lines, and up to as many keys. It comes from the measurements that kpipe's goals were set by.
"""

import json
import random
import sys

WORDS = (
    "GET POST /api/v1/users /index.html 200 404 Mozilla/5.0 timeout error info session checkout"
    " cart eu-west-1 us-east-1"
).split()


def words(width, text=""):
    while len(text) < width:
        text += random.choice(WORDS) + " "
    return text[: max(width, 0)]


def line(kind, number, width):
    key = f"u{random.randrange(100_000)}"
    head = f"{number:010d} "
    if kind == "plain":
        return words(width, head)
    if kind == "keyed":
        return words(width, f"{key}:{head}")
    if kind == "fields":
        return words(width, f"{head}{key} ")
    if kind == "user":
        before = words(width // 2 - len(key), head)
        return words(width, f"{before} user={key} ")
    if kind == "json":
        record = {"ts": 1795000000000 + number, "user": {"id": key, "plan": "free"}, "msg": ""}
        record["msg"] = words(width - len(json.dumps(record)), head)
        return json.dumps(record)
    sys.exit(f"lines.py: {kind}?")


def main():
    kind, count, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    random.seed(1)
    # Of wide lines fewer are made: they are as many bytes.
    block = [
        line(kind, number, width - 1) + "\n"
        for number in range(min(count, 100_000, max(1, 20_000_000 // width)))
    ]
    whole, rest = divmod(count, max(len(block), 1))
    joined = "".join(block)
    for _ in range(whole):
        sys.stdout.write(joined)
    sys.stdout.write("".join(block[:rest]))


main()
