import KafkaProducer
import Testing
import kpipe

@Suite("Standard error")
struct ReportTests {
    private let json = Report(isTerminal: false, jsonErrors: false)
    private let people = Report(isTerminal: true, jsonErrors: false)

    private let failure = FailureLine(
        position: InputPosition(input: Array("app.log".utf8), record: 41, offset: 5120),
        size: 1_500_017,
        topic: "logs",
        partition: 3,
        error: "MESSAGE_TOO_LARGE",
        code: 10,
        message: "too large",
        outcome: .failed,
        attempts: 1
    )

    private func line(
        _ line: FailureLine,
        key: [UInt8]?,
        value: [UInt8]?,
        by report: Report? = nil
    ) -> String {
        var buffer: [UInt8] = []
        (report ?? json).append(line, key: key?.span, value: value?.span, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    private func line(_ notice: Notice, by report: Report) -> String {
        var buffer: [UInt8] = []
        report.append(notice, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    private func line(_ summary: SummaryLine, by report: Report) -> String {
        var buffer: [UInt8] = []
        report.append(summary, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    private func line(_ error: CommandError, by report: Report) -> String {
        var buffer: [UInt8] = []
        report.append(error, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    @Test("names a record that failed")
    func failureLine() {
        #expect(
            line(failure, key: Array("u-7".utf8), value: Array("...".utf8)) == """
                {"event":"record_failed","input":"app.log","record":41,"offset":5120,\
                "size":1500017,"topic":"logs","partition":3,"key":"u-7","value":"...",\
                "error":"MESSAGE_TOO_LARGE","code":10,"message":"too large","outcome":"failed",\
                "attempts":1}

                """
        )
    }

    @Test("names one of unknown outcome, without what is not known")
    func unknownLine() {
        var failure = failure
        failure.partition = nil
        failure.code = nil
        failure.outcome = .unknown
        #expect(
            line(failure, key: nil, value: nil) == """
                {"event":"record_failed","input":"app.log","record":41,"offset":5120,\
                "size":1500017,"topic":"logs","partition":null,"key":null,"value":null,\
                "error":"MESSAGE_TOO_LARGE","code":null,"message":"too large",\
                "outcome":"unknown","attempts":1}

                """
        )
    }

    @Test("leaves values out, and nothing else, where it is asked to")
    func omittedValues() {
        let report = Report(isTerminal: false, jsonErrors: false, omitsValues: true, isQuiet: true)
        let text = line(failure, key: Array("k".utf8), value: Array("v".utf8), by: report)
        #expect(text.contains(#""key":"k","error""#))
        #expect(!text.contains("value"))
    }

    @Test("is JSON about records on a terminal too")
    func terminalFailure() {
        let text = line(failure, key: nil, value: nil, by: people)
        #expect(text.hasPrefix("{\"event\":\"record_failed\""))
    }

    @Test(
        "writes bytes as a string where they are one, else in base 64",
        arguments: [
            ([], #""""#),
            (Array("a\tb".utf8), #""a\tb""#),
            (Array(#"say "hi" \o/"#.utf8), #""say \"hi\" \\o/""#),
            (Array("øé€😀".utf8), "\"øé€😀\""),
            (Array("a\nb".utf8), #"{"base64":"YQpi"}"#),
            ([0x1b], #"{"base64":"Gw=="}"#),
            ([0x7f], #"{"base64":"fw=="}"#),
            (Array("\u{9b}".utf8), #"{"base64":"wps="}"#),
            ([0xff], #"{"base64":"/w=="}"#),
            ([0x00, 0xff], #"{"base64":"AP8="}"#),
            ([0x00, 0xff, 0x80], #"{"base64":"AP+A"}"#),
            ([0xc3], #"{"base64":"ww=="}"#),
            ([0xed, 0xa0, 0x80], #"{"base64":"7aCA"}"#),
        ] as [([UInt8], String)]
    )
    func opaqueBytes(bytes: [UInt8], expected: String) {
        let text = line(failure, key: bytes, value: nil)
        #expect(text.contains(#""key":"# + expected + #","value":null"#))
        var named = failure
        named.position.input = bytes
        #expect(line(named, key: nil, value: nil).contains(#""input":"# + expected + #","record""#))
    }

    @Test("gives every byte back from base 64")
    func everyByte() {
        let text = line(failure, key: Array(UInt8.min...UInt8.max), value: nil)
        let encoded = text.split(separator: #"{"base64":""#)[1].prefix { $0 != "\"" }
        #expect(encoded.count == 344)
        #expect(encoded.hasPrefix("AAECAwQFBgcICQoL"))
        #expect(encoded.hasSuffix("+fr7/P3+/w=="))
    }

    @Test("lets nothing a broker says move a cursor or forge a line")
    func injection() {
        let message = "\u{1b}[2J\"}\n{\\\u{7f}\u{85}\t"
        var hostile = failure
        hostile.message = message
        #expect(
            line(hostile, key: nil, value: nil)
                .contains(#""message":"\u001b[2J\"}\n{\\\u007f\u0085\t","#)
        )
        #expect(
            line(Notice(name: "n", message: message), by: people)
                == #"kpipe: \x1b[2J"}\x0a{\\x7f\xc2\x85\x09"# + "\n"
        )
        #expect(line(.usage(message), by: people).utf8.count { $0 < 0x20 } == 1)
    }

    @Test("has notices and errors as sentences on a terminal, as JSON elsewhere and when asked")
    func sentences() {
        let notice = Notice(name: "leader_moved", message: "the leader moved")
        let error = CommandError(.brokersUnavailable, "no broker answers")
        let asked = Report(isTerminal: true, jsonErrors: true)
        #expect(line(notice, by: people) == "kpipe: the leader moved\n")
        #expect(line(error, by: people) == "kpipe: no broker answers\n")
        for report in [json, asked] {
            #expect(
                line(notice, by: report) == """
                    {"event":"notice","notice":"leader_moved","message":"the leader moved"}

                    """
            )
            #expect(
                line(error, by: report) == """
                    {"event":"error","status":69,"message":"no broker answers"}

                    """
            )
        }
    }

    @Test("sums up, and says where to go on")
    func summary() {
        var summary = SummaryLine(
            read: 1000,
            acked: 998,
            failed: 2,
            unknown: 0,
            skipped: 0,
            bytes: 73400,
            duration: .milliseconds(400),
            firstUnacked: InputPosition(input: Array("app.log".utf8), record: 41, offset: 5120),
            isUnconfirmed: false
        )
        #expect(
            line(summary, by: json) == """
                {"event":"summary","read":1000,"acked":998,"failed":2,"unknown":0,"skipped":0,\
                "bytes":73400,"seconds":0.4,\
                "first_unacked":{"input":"app.log","record":41,"offset":5120}}

                """
        )
        summary.firstUnacked = nil
        summary.isUnconfirmed = true
        summary.duration = .seconds(61) + .microseconds(23_999)
        #expect(
            line(summary, by: people) == """
                {"event":"summary","read":1000,"acked":998,"failed":2,"unknown":0,"skipped":0,\
                "bytes":73400,"seconds":61.023,"first_unacked":null,\
                "note":"acks=0: written to the socket, confirmed by no broker"}

                """
        )
        summary.duration = .zero
        #expect(line(summary, by: json).contains(#""seconds":0.0,"#))
    }

    @Test("is without notices and summary where it is to be quiet, but not without errors")
    func quiet() {
        let report = Report(isTerminal: false, jsonErrors: false, isQuiet: true)
        #expect(line(Notice(name: "n", message: "m"), by: report).isEmpty)
        let summary = SummaryLine(
            read: 0,
            acked: 0,
            failed: 0,
            unknown: 0,
            skipped: 0,
            bytes: 0,
            duration: .zero,
            firstUnacked: nil,
            isUnconfirmed: false
        )
        #expect(line(summary, by: report).isEmpty)
        #expect(!line(failure, key: nil, value: nil, by: report).isEmpty)
        #expect(!line(.usage("u"), by: report).isEmpty)
    }

    @Test("appends, and leaves what is in the buffer")
    func appending() {
        var buffer = Array("before\n".utf8)
        people.append(Notice.waitingForInput, to: &buffer)
        people.append(Notice(name: "n", message: "m"), to: &buffer)
        json.append(CommandError.usage("u"), to: &buffer)
        #expect(
            String(decoding: buffer, as: UTF8.self) == """
                before
                kpipe: waiting for lines of at most 4095 bytes from the terminal; Ctrl-D ends them
                kpipe: m
                {"event":"error","status":64,"message":"u"}

                """
        )
    }
}
