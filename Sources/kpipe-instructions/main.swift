// kpipe-instructions: runs each part of a record's way, for callgrind to count what it takes.
// `make instructions` prints the counts as a table.

import EventLoop
import KafkaProducer
import KafkaProtocol
import RecordFraming
import RecordRules

let counter = InstructionCounter()
let turns = 10

// Lines as the framer alone finds them.
func measureFraming(_ what: String, _ window: [UInt8], _ configuration: FramingConfiguration) {
    counter.measure("framing", what) { counter in
        var framer = RecordFramer(configuration)
        var at = 0
        var count = 0
        counter.toggle()
        while case .record(let record) = framer.next(
            window.span.extracting(droppingFirst: at),
            atEnd: false,
            remainingFileBytes: nil
        ) {
            at += record.size
            framer.didConsume()
            count += 1
        }
        counter.toggle()
        return count
    }
}

// A rule alone, on values that were found.
func measureRule(_ text: String, _ window: [UInt8]) throws {
    let rules = RuleSet([try Rule(Array(text.utf8))])
    let values = SampleRecords.values(window)
    var scratch = RuleScratch()
    counter.measure("rule", text) { counter in
        var found = 0
        counter.toggle()
        for value in values where rules.firstMatch(value.span, scratch: &scratch) != .none {
            found += 1
        }
        counter.toggle()
        precondition(found == values.count, "\(text) is to match every record.")
        return found
    }
}

// A part of whole turns.
func measureTurns(
    _ name: String,
    _ what: String,
    _ part: ProducerRun.Part,
    _ window: [UInt8],
    _ change: (inout RunConfiguration) -> Void = { _ in }
) {
    var run = ProducerRun(window, change)
    counter.measure(name, what) { run.turns(turns, counting: part, $0) }
}

let lines = SampleRecords.lines(size: 100)
let keyedLines = SampleRecords.keyedLines()
let objects = SampleRecords.objects()
let newline = Framing.delimited(.newline)
let colon = [UInt8(ascii: ":")]

for size in [20, 100, 1000] {
    measureFraming(
        "lines of \(size) bytes",
        SampleRecords.lines(size: size),
        FramingConfiguration(framing: newline, maxRecord: 1_000_000)
    )
}
measureFraming(
    "split at a colon (`-K:`)",
    keyedLines,
    FramingConfiguration(framing: newline, keyDelimiter: colon, maxRecord: 1_000_000)
)

for rule in ["json:/user/id", "json:/msg"] { try measureRule(rule, objects) }
for rule in ["field:2", "field:2: ", "before: ", "bytes:2-6", "const:eu", "regex:([a-z]+)"] {
    try measureRule(rule, lines)
}
#if PCRE2
try measureRule("pcre:([a-z]+)", lines)
#endif

for size in [20, 100, 1000] {
    measureTurns("into batches", "lines of \(size) bytes", .pump, SampleRecords.lines(size: size))
}
measureTurns("into batches", "a fixed key (`-k`)", .pump, lines) { $0.fixedKey = colon }
measureTurns("into batches", "split at a colon (`-K:`)", .pump, keyedLines) {
    $0.framing = FramingConfiguration(framing: newline, keyDelimiter: colon, maxRecord: 1_000_000)
}
var keyed = [("field:2", lines), ("json:/user/id", objects)]
#if PCRE2
keyed.append(("pcre:([a-z]+)", lines))
#endif
for (rule, window) in keyed {
    let rules = [try Rule(Array(rule.utf8))]
    measureTurns("into batches", "keys by `\(rule)`", .pump, window) { $0.keyRules = rules }
}

measureTurns("sealing", "100 bytes, no codec", .decisions, lines)
measureTurns("sealing", "100 bytes, gzip", .decisions, lines) { $0.producer.codec = .gzip }

measureTurns("whole turns", "idempotent", .both, lines)
measureTurns("whole turns", "`acks=1` without idempotence", .both, lines) {
    $0.producer.idempotence = false
    $0.producer.acks = .leader
}
