import KafkaProducer
import RecordFraming
import RecordRules
import Testing
import kpipe

@Suite("What a command line means")
@MainActor
struct CommandConfigurationTests {
    @Test("is standard input, in lines, with no key, unless something else is asked for")
    func defaults() throws {
        let configuration = try Typed.configuration()
        #expect(configuration.topic == "logs")
        #expect(configuration.inputs == [.standardInput])
        #expect(
            configuration.framing
                == FramingConfiguration(framing: .delimited(.newline), maxRecord: 1_048_508)
        )
        #expect(!configuration.maxRecordWasSet)
        #expect(configuration.recordLimit == nil)
        #expect(configuration.fixedKey == nil)
        #expect(configuration.keyRules.isEmpty)
        #expect(configuration.keyMissing == nil)
        #expect(configuration.producer.fixedPartition == nil)
        #expect(configuration.verbosity == .normal)
        #expect(configuration.debugContexts.isEmpty)
        #expect(configuration.drainTimeout == .seconds(30))
        #expect(!configuration.tee && !configuration.omitsValues && !configuration.jsonErrors)
    }

    @Test("keeps FILEs in their order, and takes a hyphen for standard input")
    func inputs() throws {
        let configuration = try Typed.configuration("b", "-", "a")
        #expect(
            configuration.inputs == [
                .file([UInt8(ascii: "b")]), .standardInput, .file([UInt8(ascii: "a")]),
            ]
        )
        #expect(configuration.inputs.map(\.name) == [[0x62], [0x2d], [0x61]])
    }

    @Test("frames as asked")
    func framing() throws {
        #expect(
            try Typed.configuration("-D", #"\r\n"#).framing.framing
                == .delimited(Delimiter([13, 10]))
        )
        #expect(
            try Typed.configuration("-D", "ø").framing.framing
                == .delimited(Delimiter([0xc3, 0xb8]))
        )
        #expect(try Typed.configuration("-0").framing.framing == .delimited(.null))
        #expect(
            try Typed.configuration("-0", "-D,").framing.framing == .delimited(Delimiter([0x2c]))
        )
        #expect(
            try Typed.configuration("--framing", "lines", "-0").framing.framing == .delimited(.null)
        )
        #expect(try Typed.configuration("--framing=whole").framing.framing == .whole)
        for prefix in LengthPrefix.allCases {
            let framing = try Typed.configuration("--framing", prefix.rawValue).framing
            #expect(framing.framing == .prefixed(prefix))
        }
        let framing = try Typed.configuration(
            "--crlf",
            "-Z",
            "--skip-empty",
            "--max-record",
            "10",
            "-K",
            #"\t"#
        ).framing
        #expect(
            framing
                == FramingConfiguration(
                    framing: .delimited(.newline),
                    keyDelimiter: [9],
                    stripsCarriageReturn: true,
                    emptyIsNull: true,
                    skipsEmpty: true,
                    maxRecord: 10
                )
        )
        #expect(try Typed.configuration("--framing=varint", "--key-frame").framing.hasKeyFrames)
    }

    @Test("bounds a record by what max.request.size leaves")
    func maxRecord() throws {
        let configuration = try Typed.configuration("-X", "message.max.bytes=2000000")
        #expect(configuration.framing.maxRecord == 2_000_000 - 68)
        #expect(try Typed.configuration("--max-record=5").maxRecordWasSet)
    }

    @Test("refuses framings that contradict each other")
    func framingRefusals() {
        #expect(Typed.refusal("--framing=u32", "-0")?.status == .usage)
        #expect(Typed.refusal("--framing=whole", "-D,")?.status == .usage)
        #expect(Typed.refusal("--framing=u33")?.message.contains("u16le") == true)
        #expect(Typed.refusal("--key-frame")?.message.contains("--framing u32") == true)
        #expect(Typed.refusal("--framing=u8", "--key-frame", "-K:")?.status == .usage)
        #expect(Typed.refusal("--framing=u8", "--key-frame", "--key=const:x")?.status == .usage)
        #expect(Typed.refusal("--crlf", "-0")?.status == .usage)
        #expect(Typed.refusal("--max-record=0")?.status == .usage)
        #expect(Typed.refusal("--max-record=1k")?.status == .usage)
    }

    @Test("refuses delimiters with escapes that are none")
    func delimiterRefusals() {
        #expect(Typed.refusal("-D", "")?.message == "-D: a delimiter has at least one byte")
        #expect(
            Typed.refusal("-D", #"a\q"#)?.message
                == #"-D a\q: \q is none of the escapes \n \r \t \0 \\ \xHH"#
        )
        #expect(
            Typed.refusal("-K", #"\x0"#)?.message
                == #"-K \x0: an escape is unfinished; write \\ for a backslash, "#
                + #"and two digits after \x"#
        )
    }

    @Test("takes a key from where it is said to be")
    func keys() throws {
        let configuration = try Typed.configuration(
            "--key",
            "json:/id",
            "--key",
            "const:none",
            "-k",
            "",
            "--key-missing",
            "null"
        )
        #expect(
            configuration.keyRules.rules.map(\.text) == [
                Array("json:/id".utf8), Array("const:none".utf8),
            ]
        )
        #expect(configuration.fixedKey == [])
        #expect(configuration.keyMissing == nil)
        #expect(try Typed.configuration("-K:").keyMissing == .fail)
        #expect(try Typed.configuration("-K:", "--key-missing=skip").keyMissing == .skip)
        #expect(try Typed.configuration("--key=field:1", "--key-missing=null").keyMissing == .null)
    }

    @Test("refuses keys that nobody can mean")
    func keyRefusals() {
        #expect(Typed.refusal("-K:", "--key=field:1")?.status == .usage)
        #expect(Typed.refusal("--key-missing=null")?.status == .usage)
        #expect(Typed.refusal("-K:", "--key-missing=nil")?.status == .usage)
        if !RuleName.builtIn.contains(.pcre) {
            let error = Typed.refusal("--key=pcre:x")
            #expect(error?.status == .usage)
            #expect(error?.message.contains("install libpcre2-dev and build it again") == true)
        }
        #expect(Typed.refusal("--key=pcre:(")?.status == .usage)
        #expect(Typed.refusal("--key=user")?.message.contains("json:POINTER") == true)
    }

    @Test("takes a partition, or -1 for the partitioner")
    func partition() throws {
        #expect(try Typed.producer("-p", "0").fixedPartition == 0)
        #expect(try Typed.producer("-p", "-1").fixedPartition == nil)
        #expect(try Typed.producer("-p3", "-p-1").fixedPartition == nil)
        #expect(Typed.refusal("-p-2")?.status == .usage)
        #expect(Typed.refusal("-p", "2147483648")?.status == .usage)
        #expect(Typed.refusal("-pone")?.status == .usage)
    }

    @Test("refuses a topic that no broker would have")
    func topics() {
        for name in ["", ".", "..", "a/b", "a b", "ø", String(repeating: "a", count: 250)] {
            #expect(Typed.refusal("-t", name)?.status == .usage, "\(name)")
        }
        for name in ["a", "A-b_c.9", "...", String(repeating: "a", count: 249)] {
            #expect(Typed.refusal("-t", name) == nil, "\(name)")
        }
    }

    @Test("refuses a command line without a topic")
    func noTopic() {
        #expect(throws: CommandError.usage("which topic? Name it with -t TOPIC; see kpipe --help"))
        {
            _ = try Typed.action("-q")
        }
    }

    @Test("counts as asked, from nothing to more than there is")
    func counts() throws {
        #expect(try Typed.configuration("-c", "0").recordLimit == 0)
        #expect(try Typed.configuration("-c", "18446744073709551615").recordLimit == .max)
        #expect(Typed.refusal("-c", "18446744073709551616")?.status == .usage)
        #expect(Typed.refusal("-c", "-1")?.status == .usage)
        #expect(Typed.refusal("-c", "+1")?.status == .usage)
    }

    @Test("says as much as the last of -q and -v asks for")
    func verbosity() throws {
        #expect(try Typed.configuration("-vq").verbosity == .quiet)
        #expect(try Typed.configuration("-qv").verbosity == .verbose)
        #expect(try Typed.configuration("-d", "msg,protocol").debugContexts == [.msg, .protocol])
        #expect(try Typed.configuration("-dall").debugContexts.count == 6)
        #expect(Typed.refusal("-d", "fetch")?.status == .usage)
    }

    @Test("waits for the drain as long as asked, in seconds and fractions")
    func drainTimeout() throws {
        #expect(
            try Typed.configuration("--drain-timeout", "0.25").drainTimeout == .milliseconds(250)
        )
        #expect(try Typed.configuration("--drain-timeout", "0").drainTimeout == .zero)
        for text in ["", "-1", "1s", ".5", "1.", "1e3", "99999999999"] {
            #expect(Typed.refusal("--drain-timeout", text)?.status == .usage, "\(text)")
        }
    }

    @Test("is the same with kcat's letters that change nothing")
    func kcatLetters() throws {
        let configuration = try Typed.configuration(
            "-P",
            "-l",
            "-E",
            "-e",
            "-u",
            "-m",
            "5",
            "-o",
            "end",
            "-f",
            "%s",
            "file"
        )
        #expect(configuration.inputs == [.file(Array("file".utf8))])
    }

    @Test("is refused in kcat's other modes", arguments: ["-C", "-G", "-Q"])
    func otherModes(letter: String) {
        #expect(Typed.refusal(letter)?.status == .usage)
        #expect(Typed.refusal(letter)?.message.hasPrefix("kpipe only produces") == true)
    }

    @Test("is refused for every option that is not built")
    func notBuilt() {
        for option in OptionTable.options {
            guard case .notBuilt(let instead) = option.availability else { continue }
            let argument = option.argument == .none ? "" : "=1"
            let typed = option.longNames.first.map { "--\($0)\(argument)" } ?? "\(option.spelling)x"
            let sentence = "\(option.spelling) is not built yet" + (instead.map { "; \($0)" } ?? "")
            #expect(Typed.refusal(typed) == .usage(sentence))
        }
    }

    @Test("is refused under kcat's name", arguments: ["kcat", "/usr/local/bin/kafkacat"])
    func kcat(program: String) {
        #expect(throws: CommandError.self) {
            _ = try CommandLineAction(
                [Array(program.utf8), Array("-tx".utf8)],
                in: Typed.environment()
            )
        }
    }
}
