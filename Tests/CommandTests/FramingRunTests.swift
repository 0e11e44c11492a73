import KafkaProtocol
import Testing

/// Framing and keys end to end: the options' tables, on the wire.
@Suite("A record of kpipe's")
struct FramingRunTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Runs over an input and returns key and value of what arrived, as text.
    private func arrived(
        _ words: [String],
        _ input: [UInt8],
        status: Int32 = 0,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> [[String?]] {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, words, input: input)
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: location)
        return try sandbox.records().map(\.text)
    }

    @Test(
        "ends where its framing says",
        arguments: [
            (["-D", ";"], "a;b;;c", ["a", "b", "", "c"]),
            (["-D", "\\r\\n"], "a\r\nb\nc\r\n", ["a", "b\nc"]),
            (["-D", "--"], "a-b--c--", ["a-b", "c"]),
            (["-0"], "a\nb\0c\0", ["a\nb", "c"]),
            (["-D", "\\x1e"], "a\u{1e}b", ["a", "b"]),
            (["--crlf"], "a\r\nb\nc\r", ["a", "b", "c\r"]),
            (["--framing", "lines"], "a\r\nb", ["a\r", "b"]),
            (["--framing", "u8"], "\u{1}a\u{0}\u{3}b\nc", ["a", "", "b\nc"]),
            (["--framing", "u16"], "\0\u{1}a\0\u{2}bc", ["a", "bc"]),
            (["--framing", "u16le"], "\u{1}\0a\u{2}\0bc", ["a", "bc"]),
            (["--framing", "u32"], "\0\0\0\u{1}a\0\0\0\u{2}bc", ["a", "bc"]),
            (["--framing", "u32le"], "\u{1}\0\0\0a\u{2}\0\0\0bc", ["a", "bc"]),
            (["--framing", "u64"], "\0\0\0\0\0\0\0\u{2}bc", ["bc"]),
            (["--framing", "u64le"], "\u{2}\0\0\0\0\0\0\0bc", ["bc"]),
            (["--framing", "varint"], "\u{2}bc\0\u{1}a", ["bc", "", "a"]),
            (["--framing", "whole"], "a\nb\n", ["a\nb\n"]),
        ] as [([String], String, [String])]
    )
    func framing(words: [String], input: String, values: [String]) throws {
        #expect(try arrived(words, Self.bytes(input)) == values.map { [nil, $0] })
    }

    @Test("has its key in a frame of its own, and -1 for null")
    func keyFrames() throws {
        let null = [UInt8](repeating: 0xff, count: 4)
        let input =
            [0, 0, 0, 1, 0x6b, 0, 0, 0, 1, 0x76] + null + [0, 0, 0, 0] + [0, 0, 0, 0] + null
        #expect(
            try arrived(["--framing", "u32", "--key-frame"], input) == [
                ["k", "v"], [nil, ""], ["", nil],
            ]
        )
    }

    @Test("has a key as the options say")
    func keys() throws {
        let split = Self.bytes("a\t1\n\t2\nb\tc\td\n")
        #expect(try arrived(["-K", "\\t"], split) == [["a", "1"], ["", "2"], ["b", "c\td"]])
        #expect(
            try arrived(["-k", "fixed"], Self.bytes("1\n\n")) == [["fixed", "1"], ["fixed", ""]]
        )
        #expect(
            try arrived(["-k", "else", "-K", "="], Self.bytes("a=1\n2\n")) == [
                ["a", "1"], ["else", "2"],
            ]
        )
        let json = Self.bytes("{\"u\":{\"id\":\"x\\u0041\"}}\n{\"u\":{\"id\":7}}\nk=v\n")
        #expect(
            try arrived(
                ["--key", "json:/u/id", "--key", "before:="],
                json,
                status: 65
            ).map { $0[0] } == ["xA", "7"]
        )
        #expect(
            try arrived(["--key", "field:2:,", "--key", "const:z"], Self.bytes("a,b\nc\n")) == [
                ["b", "a,b"], ["z", "c"],
            ]
        )
        #expect(
            try arrived(
                ["--key", "regex:user=([a-z]+)", "--key", "bytes:0-2"],
                Self.bytes("user=me;\nabc\n")
            )
            .map { $0[0] } == ["me", "ab"]
        )
    }

    @Test("without its key is a failure, or null, or skipped")
    func keyMissing() throws {
        let sandbox = try SandboxProcess.logs()
        let input = "a=1\nnone\nb=2\n"
        let failing = Kpipe.run(sandbox, "-K", "=", input: input)
        #expect(failing.status == 65)
        #expect(failing.failed.map { $0["error"] } == ["KEY_MISSING"])
        #expect(failing.failed.first?["record"] == 2 && failing.failed.first?["offset"] == 4)
        #expect(failing.failed.first?["key"] == .null && failing.failed.first?["value"] == "none")
        let null = Kpipe.run(sandbox, "--key", "before:=", "--key-missing", "null", input: input)
        #expect(null.status == 0)
        let skipped = Kpipe.run(sandbox, "-K", "=", "--key-missing", "skip", "-v", input: input)
        #expect(skipped.status == 0)
        #expect(skipped.summary?["skipped"] == 1 && skipped.summary?["read"] == 3)
        #expect(skipped.summary?["first_unacked"] == .null)
        #expect(
            try sandbox.records().map(\.text) == [
                ["a", "1"], ["b", "2"],
                ["a", "a=1"], [nil, "none"], ["b", "b=2"],
                ["a", "1"], ["b", "2"],
            ]
        )
    }

    @Test("is null if it is empty and -Z was given, and dropped with --skip-empty")
    func empty() throws {
        let sandbox = try SandboxProcess.logs()
        #expect(Kpipe.run(sandbox, "-Z", input: "\na\n").status == 0)
        #expect(Kpipe.run(sandbox, "-Z", "-K", "=", input: "k=\n=v\n").status == 0)
        let outcome = Kpipe.run(sandbox, "--skip-empty", "-v", input: "\na\n\n\nb\n")
        #expect(outcome.status == 0)
        #expect(outcome.summary?["skipped"] == 3 && outcome.summary?["acked"] == 2)
        #expect(outcome.summary?["first_unacked"] == .null)
        #expect(
            try sandbox.records().map(\.text) == [
                [nil, nil], [nil, "a"], ["k", nil], ["", "v"], [nil, "a"], [nil, "b"],
            ]
        )
    }

    @Test("keeps NUL bytes and what is no UTF-8, in the value, the key and the failure line")
    func opaque() throws {
        let sandbox = try SandboxProcess.logs()
        let every = (0...255).map { UInt8($0) }.filter { $0 != 10 }
        let outcome = Kpipe.run(sandbox, ["-K", "\\xff"], input: every + every + [10])
        #expect(outcome.status == 0)
        let refused = Kpipe.run(sandbox, ["-K", ":="], input: [0, 0xff, 10])
        #expect(refused.status == 65)
        #expect(refused.failed.first?["value"]?.bytes == [0, 0xff])
        let records = try sandbox.records()
        #expect(records.count == 1)
        #expect(records.first?.key == every.dropLast())
        #expect(records.first?.value == every)
    }

    @Test("takes raw bytes as a key and as a delimiter")
    func rawArguments() throws {
        let sandbox = try SandboxProcess.logs()
        let words = Kpipe.words(sandbox, []).map { Array($0.utf8) }
        let key = Self.bytes("-k") + [0xf8]
        let child = ChildProcess(words + [key, Self.bytes("-D") + [0xfe, 0x1c]])
        child.write([0x61, 0xfe, 0x62, 0xfe, 0x1c, 0x63])
        #expect(child.finish().status == 0)
        let records = try sandbox.records()
        #expect(records.map(\.key) == [[0xf8], [0xf8]])
        #expect(records.map(\.value) == [[0x61, 0xfe, 0x62], [0x63]])
    }

    @Test("that is cut short by the end of input is a failure with its offset")
    func cutShort() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, "--framing", "u8", input: "\u{1}a\u{5}bc")
        #expect(outcome.status == 65)
        let failed = try #require(outcome.failed.first)
        #expect(failed["error"] == "RECORD_CUT_SHORT" && failed["record"] == 2)
        #expect(failed["offset"] == 2 && failed["size"] == 3)
        #expect(try sandbox.values() == ["a"])
    }

    @Test("with a corrupt length ends its FILE, with its offset, and the next is read")
    func corruptLength() throws {
        let sandbox = try SandboxProcess.logs()
        let negative = File([0, 0, 0, 1, 0x61, 0xff, 0xff, 0xff, 0xfe, 0x62, 0x63])
        let pastEnd = File([0, 0, 0, 1, 0x62, 0, 0, 0, 9, 0x62, 0x63])
        let good = File([0, 0, 0, 1, 0x63])
        let outcome = Kpipe.run(
            sandbox,
            "--framing",
            "u32",
            negative.path,
            pastEnd.path,
            "-",
            good.path,
            input: "\0\0\0\u{1}d"
        )
        #expect(outcome.status == 65)
        #expect(outcome.failed.map { $0["error"] } == ["LENGTH_CORRUPT", "LENGTH_CORRUPT"])
        #expect(outcome.failed.map { $0["input"]?.text } == [negative.path, pastEnd.path])
        #expect(outcome.failed.map { $0["offset"] } == [5, 5])
        #expect(outcome.failed.map { $0["record"] } == [2, 2])
        #expect(outcome.summary?["first_unacked"]?["offset"] == 5)
        #expect(try sandbox.values() == ["a", "b", "d", "c"])
    }

    @Test(
        "arrives whatever the codec and the acknowledgements asked for",
        arguments: [["-z", "gzip:9"], ["-X", "acks=1"], ["-X", "acks=0"]]
            + CompressionCodec.builtIn.map { ["-z", $0.name] }
    )
    func delivery(words: [String]) throws {
        let sandbox = try SandboxProcess.logs(partitions: 3)
        let input = (1...5000).map { "line \($0)\n" }.joined()
        let outcome = Kpipe.run(sandbox, words + ["-v"], input: Self.bytes(input))
        #expect(outcome.status == 0)
        #expect(outcome.summary?["acked"] == 5000)
        // With acks=0 kpipe may well have ended before the sandbox reads what it sent.
        let values = try (1...5000).map { _ in try sandbox.nextValue() }
        #expect(Set(values).count == 5000)
        #expect(try sandbox.values() == [])
    }

    @Test("has the key of its own line, whatever the lines around it have")
    func keysOfNeighbours() throws {
        // Most keys stand in their line; some are escaped, and some are not there.
        let lines = (1...2000).map { number -> (String, key: String?) in
            switch number % 40 {
            case 7: ("{\"id\":\"\\u0041\(number)\"}", "A\(number)")
            case 8, 31: ("{\"di\":\(number)}", nil)
            case 32: ("{\"id\":{\"a\":[\(number)]}}", "{\"a\":[\(number)]}")
            default: ("{\"x\":[{}],\"id\":\"\(number)\",\"y\":", "\(number)")
            }
        }
        let input = Self.bytes(lines.map { $0.0 + "\n" }.joined())
        let words = ["--key", "json:/id", "--key-missing", "null"]
        #expect(try arrived(words, input) == lines.map { [$0.key, $0.0] })
        let skipping = ["--key", "json:/id", "--key-missing", "skip"]
        #expect(
            try arrived(skipping, input) == lines.filter { $0.key != nil }.map { [$0.key, $0.0] }
        )
        let counted = try arrived(words + ["-c", "1033"], input)
        #expect(counted == lines.prefix(1033).map { [$0.key, $0.0] })
    }

    @Test("is named with its key where it fits in no request, wherever the key came from")
    func keyOfRefused() throws {
        let sandbox = try SandboxProcess.logs()
        // As large as a line may be, so that the key makes it too large.
        let line = "{\"id\":\"abcdefgh\",\"m\":\"\(String(repeating: "x", count: 905))\"}\n"
        for (words, before, key) in [
            (["--key", "json:/id"], "{\"id\":\"q\"}\n", "abcdefgh"),
            (["--key", "json:/id"], "{\"id\":\"\\u0061q\"}\n", "abcdefgh"),
            (["-k", "abcdefgh"], "{}\n", "abcdefgh"),
            (["--key", "const:abcdefgh"], "{}\n", "abcdefgh"),
        ] {
            let outcome = Kpipe.run(
                sandbox,
                words + ["-X", "max.request.size=1000"],
                input: Self.bytes(before + line)
            )
            #expect(outcome.failed.map { $0["record"] } == [2], "\(outcome.errors)")
            #expect(outcome.failed.first?["key"]?.text == key, "\(outcome.errors)")
        }
    }

    @Test("is named alone where it is too large between others with keys")
    func largeBetweenOthers() throws {
        let sandbox = try SandboxProcess.logs()
        let large = String(repeating: "x", count: 3000)
        let lines = (1...300).map { "k\($0)=\($0 == 150 ? large : "v\($0)")\n" }
        let outcome = Kpipe.run(
            sandbox,
            ["-K", "=", "-X", "max.request.size=2000", "-X", "batch.size=1000"],
            input: Self.bytes(lines.joined())
        )
        #expect(outcome.status == 65)
        #expect(outcome.failed.map { $0["record"] } == [150])
        #expect(try sandbox.values() == (1...300).filter { $0 != 150 }.map { "v\($0)" })
    }

    @Test("goes to the partition that was asked for")
    func partition() throws {
        let sandbox = try SandboxProcess.logs(partitions: 4)
        #expect(Kpipe.run(sandbox, "-p", "2", "-K", "=", input: "a=1\nb=2\n").status == 0)
        // Java's murmur2 puts these keys there.
        #expect(Kpipe.run(sandbox, "-K", "=", input: "a=3\na=4\n").status == 0)
        let records = try sandbox.records()
        #expect(records.prefix(2).map(\.partition) == [2, 2])
        #expect(
            records.dropFirst(2).map(\.partition) == [records[2].partition, records[2].partition]
        )
    }
}
