/// The options that say what a record is and where its key comes from.
nonisolated extension OptionTable {
    static let framing: [Option] = [
        Option(
            .delimiter,
            .framing,
            letter: "D",
            "delimiter",
            argument: .required("DELIM"),
            help: #"Records end with DELIM: any bytes, and \n \r \t \0 \\ \xHH."#,
            manual: """
                The last record may lack it. Two delimiters in a row hold an empty record, which \
                is a record with an empty value.
                """,
            defaultValue: "newline"
        ),
        Option(
            .null,
            .framing,
            letter: "0",
            "null",
            help: "Records end with NUL, as find -print0 ends them."
        ),
        Option(
            .crlf,
            .framing,
            "crlf",
            help: "A CR before the newline belongs to the delimiter."
        ),
        Option(
            .framing,
            .framing,
            "framing",
            argument: .required("NAME"),
            help: """
                lines, whole (a FILE is a record), or a length before each record: u8 u16 u32 u64 \
                u16le u32le u64le varint.
                """,
            manual: """
                Lengths are big-endian unless their name ends in `le`; `varint` is protobuf's, \
                unsigned LEB128. A length of -1 in 32 or 64 bits is a null value. A frame that \
                the end of the input cuts short is a failure that names its byte offset. A length \
                that cannot be (negative, a varint over 64 bits, past the end of a regular file) \
                ends that FILE, since nothing after it can be framed.
                """,
            defaultValue: "lines"
        ),
        Option(
            .keyFrame,
            .framing,
            "key-frame",
            help: "With a length prefix: a key frame stands before each value frame."
        ),
        Option(
            .maxRecord,
            .framing,
            "max-record",
            argument: .required("BYTES"),
            help: "A record whose key and value are longer fails, and reading goes on after it.",
            manual: "It is skipped in bounded memory, however long it is.",
            defaultValue: "what max.request.size leaves"
        ),
        Option(
            .emptyIsNull,
            .framing,
            letter: "Z",
            help: "An empty value is null, a tombstone.",
            manual: """
                With or without a key. An empty key stays empty, and is not a missing one.
                """
        ),
        Option(
            .skipEmpty,
            .framing,
            "skip-empty",
            help: "Drop empty records, and count them as skipped."
        ),
        Option(
            .count,
            .framing,
            letter: "c",
            argument: .required("N"),
            help: "Stop after N records, acknowledged or failed but not skipped.",
            manual: """
                A seekable input is left positioned after the last of them; from a pipe the bytes \
                read beyond it are gone.
                """
        ),
        Option(
            .decompress,
            .framing,
            "decompress",
            help: "Read compressed input through its codec.",
            availability: .notBuilt(instead: "put zcat before kpipe")
        ),
        Option(
            .noDecompress,
            .framing,
            "no-decompress",
            help: "Do not recognise compressed input.",
            availability: .notBuilt(instead: "compressed input is refused")
        ),
    ]

    static let keys: [Option] = [
        Option(
            .fixedKey,
            .keys,
            letter: "k",
            argument: .required("KEY"),
            help: "This key for every record that no rule gives one."
        ),
        Option(
            .keyDelimiter,
            .keys,
            letter: "K",
            argument: .required("DELIM"),
            help: "The record is KEY DELIM VALUE, split at the first DELIM, written as for -D."
        ),
        Option(
            .key,
            .keys,
            "key",
            argument: .required("RULE"),
            help: "Extract the key from the value. Repeated, the first rule that matches wins.",
            manual: "See RULES."
        ),
        Option(
            .keyMissing,
            .keys,
            "key-missing",
            argument: .required("fail|null|skip"),
            help: "What a record without a key becomes with -K or --key, and no -k.",
            manual: "A failure, a record with a null key, or skipped and counted.",
            defaultValue: "fail"
        ),
    ]

    static let headers: [Option] = [
        Option(
            .fixedHeader,
            .headers,
            letter: "H",
            argument: .required("NAME[=VALUE]"),
            help: "A header on every record.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .header,
            .headers,
            "header",
            argument: .required("NAME=RULE"),
            help: "A header extracted from each record.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .topicFrom,
            .headers,
            "topic-from",
            argument: .required("RULE"),
            help: "The topic, from each record.",
            availability: .notBuilt(instead: "name one topic with -t")
        ),
        Option(
            .partitionFrom,
            .headers,
            "partition-from",
            argument: .required("RULE"),
            help: "The partition, from each record.",
            availability: .notBuilt(instead: "name one partition with -p, or a key with --key")
        ),
        Option(
            .timestampFrom,
            .headers,
            "timestamp-from",
            argument: .required("RULE"),
            help: "The timestamp, from each record.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .originHeaders,
            .headers,
            "origin-headers",
            help: "Stamp input name, record number and byte offset.",
            availability: .notBuilt(instead: nil)
        ),
        Option(
            .json,
            .headers,
            letter: "J",
            "json",
            help: "The input is one JSON envelope a line.",
            availability: .notBuilt(instead: "see --key json:POINTER for keys from JSON lines")
        ),
        Option(
            .replay,
            .headers,
            "replay",
            help: "Read a failure stream of kpipe.",
            availability: .notBuilt(instead: nil)
        ),
    ]
}
