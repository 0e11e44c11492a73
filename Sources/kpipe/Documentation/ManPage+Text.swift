/// The prose of the manual: paragraphs in which backticks mark what is typed.
nonisolated extension ManPage {
    static let description = """
        kpipe reads records from each FILE in order and produces them to TOPIC. `-` is standard \
        input, and so is no FILE at all. Every FILE is framed alike. Bytes are opaque: nothing is \
        decoded, re-encoded, trimmed or normalised unless asked, and that holds for arguments too.

        Every record ends acknowledged, failed or unknown. Success prints nothing. A record that \
        is not acknowledged is named on standard error by its input, its number and its byte \
        offset, and the exit status says what happened. Records are not duplicated and not \
        reordered by retries.

        Input is read as fast as the brokers take it, and no faster: what is read and not \
        acknowledged never exceeds `buffer.memory`.
        """

    static let optionRules = """
        Long options may be abbreviated as long as they stay unambiguous. Of an option that is \
        given twice the last counts, where it cannot repeat. Options may follow FILEs; after `--` \
        nothing is an option.
        """

    static let rules = """
        A rule of `--key` takes bytes out of the value, which stays whole. A match of no bytes is \
        an empty key, not a missing one.
        """

    static let properties = """
        Options outrank `-X`, `-X` the environment, that the file, and that the defaults. Both \
        Java's and librdkafka's names are known, and librdkafka's prefix `topic.`; words may be in \
        any case. An unknown name is refused in `-X` and the environment, and noted in a file; a \
        bad value is refused everywhere. Properties of other clients are passed over in a file, \
        and listed with `-v`. Security is not built yet, and its properties are refused.
        """

    static let output = """
        Standard error carries one JSON object a line. Its member `event` is one of \
        `record_failed`, `notice`, `summary` and `error`, which is fatal. On a terminal notices \
        and errors are sentences instead, unless `--json-errors` is given.

        `record_failed` has `input`, `record` (counted in its input, from 1), `offset` (of its \
        first byte), `size` (all its raw bytes), `topic`, `partition` (null where none was chosen \
        yet), `key`, `value`, `error`, `code` (Kafka's, else null), `message`, `outcome` and \
        `attempts`. Key, value and input are strings where they are valid UTF-8 without control \
        characters but tab, else `{"base64":"..."}`; key and value may be null. The outcome is \
        `failed`: certainly not in the log, or `unknown`: an attempt was not answered, or not \
        definitely.

        `summary` has `read`, `acked`, `failed`, `unknown`, `skipped`, `bytes`, `seconds` and \
        `first_unacked`: `input`, `record` and `offset` of the first record neither acknowledged \
        nor skipped, else of the first byte not read as a record; null when everything was. It is \
        printed at the end when anything was not acknowledged, when a signal ended the run, with \
        `-v`, and on SIGUSR1 while running. With `acks=0` a `note` says that nothing was confirmed.

        A slow reader of standard output or standard error holds back the input, never the \
        acknowledgements. A failure that cannot be written stops the reading: what was read is \
        delivered, and the status is 74.
        """

    static let flushing = """
        A batch is sent when it is full, when without a codec the batches for a broker fill a \
        request together, when `linger.ms` has passed since its first record, when memory is \
        short, at the end, and when the input is idle: a pipe or terminal that has nothing to read \
        right now, while nothing is in flight to that broker. So a line on a live pipe is \
        acknowledged within a round trip, and a load has full requests. Setting `linger.ms` above \
        0 turns the latter off.
        """

    static let signals = """
        The first SIGINT, SIGTERM or SIGHUP: kpipe reads no more, sends the whole records that \
        were read, waits for their acknowledgements up to `--drain-timeout`, and prints the \
        summary. An unfinished record is not sent. The second: kpipe stops at once, and what is \
        unacknowledged is reported. A signal that was ignored at the start stays ignored. SIGUSR1 \
        prints the summary. SIGPIPE is ignored: a closed standard output ends `-T` with status 74, \
        but not the delivery.
        """

    static let exitStatus = """
        Where several hold, the first in this order counts: 70, 76, 75, 77, 69, 74, 65, 66, 128+n.
        """

    static let environment = [
        ("KPIPE_CONFIG", "The file to read properties from, as for `-F`."),
        (
            "KPIPE_...",
            """
            A property: its name in capitals, with underscores for the dots, such as \
            `KPIPE_BOOTSTRAP_SERVERS`.
            """
        ),
    ]

    static let files = """
        Without `-F` and `KPIPE_CONFIG`, properties are read from `$XDG_CONFIG_HOME/kpipe.conf` or \
        `~/.config/kpipe.conf`. A file holds lines of `name=value`, as kcat.conf and Java's \
        client.properties do. Blanks around the `=` do not count, `:` may stand for it, lines that \
        begin with `#` or `!` are comments, and a backslash at the end of a line continues it. \
        `\\n`, `\\t`, `\\r`, `\\f`, `\\uXXXX` and a backslash before punctuation are escapes.

        kcat's own file is read by `-F ~/.config/kcat.conf` alone.
        """

    static let examples = [
        (Help.examples[0], "Ship a log as it grows:"),
        (
            Help.examples[1],
            "Load two files of JSON lines, by the key of each:"
        ),
        (Help.examples[2], "Stand in the middle of a pipe; what comes out is acknowledged:"),
        (
            "kpipe -t logs -F client.properties --key-missing skip -K '\\t' < dump.tsv",
            "Use a vendor's file, and drop lines without a key:"
        ),
    ]
}
