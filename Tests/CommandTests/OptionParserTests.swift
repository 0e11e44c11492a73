import KafkaProducer
import Testing
import kpipe

@Suite("The option parser")
@MainActor
struct OptionParserTests {
    private func parse(_ words: String...) throws(CommandError) -> Invocation {
        try OptionParser.parse(Typed.arguments(words))
    }

    private func refusal(_ words: String...) -> String? {
        do throws(CommandError) {
            _ = try OptionParser.parse(Typed.arguments(words))
            return nil
        } catch {
            #expect(error.status == .usage)
            return error.message
        }
    }

    @Test("takes letters, clusters, long names, both forms of argument, and FILEs among them")
    func forms() throws {
        let invocation = try parse("-qTt", "logs", "a", "--key=json:/id", "--framing", "u32", "b")
        #expect(
            invocation.options == [
                .init(.quiet), .init(.tee), .init(.topic, Array("logs".utf8)),
                .init(.key, Array("json:/id".utf8)), .init(.framing, Array("u32".utf8)),
            ]
        )
        #expect(invocation.files == [Array("a".utf8), Array("b".utf8)])
    }

    @Test("takes an argument that stands against its letter, and one that begins with a hyphen")
    func adjacentArguments() throws {
        let invocation = try parse("-tlogs", "-p", "-1", "-K:")
        #expect(invocation.argument(.topic) == Array("logs".utf8))
        #expect(invocation.argument(.partition) == Array("-1".utf8))
        #expect(invocation.argument(.keyDelimiter) == Array(":".utf8))
    }

    @Test("takes every byte but NUL in arguments and FILEs")
    func rawBytes() throws {
        let bytes = Array(UInt8(1)...255)
        let invocation = try OptionParser.parse([
            Array("kpipe".utf8), Array("-K".utf8), bytes, Array("-D".utf8) + bytes,
            Array("--key=".utf8) + bytes, Array("--".utf8), bytes,
        ])
        #expect(invocation.argument(.keyDelimiter) == bytes)
        #expect(invocation.argument(.delimiter) == bytes)
        #expect(invocation.argument(.key) == bytes)
        #expect(invocation.files == [bytes])
    }

    @Test("takes nothing for an option behind two hyphens, and a single one for a FILE")
    func operands() throws {
        let invocation = try parse("-q", "-", "--", "-v", "--help")
        #expect(invocation.options == [.init(.quiet)])
        #expect(
            invocation.files.map { String(decoding: $0, as: UTF8.self) } == ["-", "-v", "--help"]
        )
    }

    @Test("takes abbreviations that are unambiguous, and aliases of one option are")
    func abbreviations() throws {
        #expect(try parse("--drain=x").argument(.drainTimeout) == Array("x".utf8))
        #expect(try parse("--b=x").argument(.brokers) == Array("x".utf8))
        #expect(try parse("--key=x").argument(.key) == Array("x".utf8))
        #expect(refusal("--re") == "--re is ambiguous: --replay, --report")
    }

    @Test("keeps the order, so that the last of an option counts")
    func order() throws {
        let invocation = try parse("-ta", "-D,", "-0", "-tb")
        #expect(invocation.argument(.topic) == Array("b".utf8))
        #expect(invocation.last(.delimiter, .null)?.name == .null)
        #expect(invocation.arguments(.topic) == [Array("a".utf8), Array("b".utf8)])
    }

    @Test("takes an optional argument behind an equals sign only")
    func optionalArgument() throws {
        #expect(try parse("--create-topic", "3").options == [.init(.createTopic)])
        #expect(try parse("--create-topic=3").argument(.createTopic) == Array("3".utf8))
    }

    @Test("ends at --help and --version, whatever is wrong behind them")
    func ends() throws {
        #expect(try parse("--help", "--nonsense").has(.help))
        #expect(try parse("-qV", "--nonsense").has(.version))
    }

    @Test("says what is wrong, and what was meant")
    func refusals() {
        #expect(refusal("-Y") == "there is no option -Y; see kpipe --help")
        #expect(refusal("-qY") == "there is no option -Y; see kpipe --help")
        #expect(refusal("--topci", "x") == "there is no option --topci; did you mean --topic?")
        #expect(refusal("--zebra=3") == "there is no option --zebra; see kpipe --help")
        #expect(refusal("--tee=1") == "--tee takes no argument")
        #expect(refusal("-t") == "--topic needs an argument; see kpipe --help")
        #expect(refusal("--framing") == "--framing needs an argument; see kpipe --help")
        #expect(refusal("--\u{1b}[2J") == #"there is no option --\x1b[2J; see kpipe --help"#)
    }

    @Test("drops the directory of the program's name, and does without a name")
    func program() throws {
        let invocation = try OptionParser.parse([Array("/usr/bin/kcat".utf8)])
        #expect(invocation.program == Array("kcat".utf8))
        #expect(try OptionParser.parse([]).program.isEmpty)
    }

    @Test("has one row for every option, and no spelling twice")
    func table() {
        let options = OptionTable.options
        #expect(options.map(\.name).count == OptionName.allCases.count)
        #expect(Set(options.map(\.name)) == Set(OptionName.allCases))
        let letters = options.compactMap(\.letter)
        #expect(Set(letters).count == letters.count)
        let names = options.flatMap(\.longNames)
        #expect(Set(names).count == names.count)
    }

    @Test("knows every option of the contract")
    func contract() {
        let names = Set(OptionTable.options.flatMap(\.longNames))
        let expected = """
            brokers bootstrap-server topic partition partitioner compression list create-topic \
            delimiter null crlf framing key-frame max-record skip-empty decompress no-decompress \
            key key-missing header topic-from partition-from timestamp-from origin-headers json \
            replay tee report sync check explain-partition progress no-progress stats help version \
            kcat job commit-interval commit-bytes omit-values json-errors drain-timeout generate
            """.split(separator: " ").map { String($0) }
        #expect(names == Set(expected))
        let letters = Set(OptionTable.options.compactMap(\.letter))
        #expect(letters == Set("btpzLD0ZclPEeumofCGQkKHJTqvdXFhV"))
    }
}
