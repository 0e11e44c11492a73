import Glibc

/// A run that was tortured, and what there is to say against it.
struct TortureRun {
    let scenario: TortureScenario
    let inputs: [TortureInput]
    let outcome: ChildProcess.Outcome
    let log: [SandboxProcess.Record]
    /// The calls that were made, and at the end what was open.
    let trace: [String]

    /// A record by its place in all inputs.
    private struct Place: Hashable, Comparable {
        let input: Int
        let index: Int

        static func < (one: Self, other: Self) -> Bool {
            (one.input, one.index) < (other.input, other.index)
        }
    }

    /// The calls that were made: what, on which descriptor, with which effect.
    var calls: [[Substring]] {
        trace.map { $0.split(separator: " ") }
            .filter { $0[0] != "had" && ($0[0] != "open" || $0[1] == "-1") }
    }

    /// Whether a call suffered this fault.
    func isStruck(by fault: TortureFault) -> Bool {
        calls.contains { call in
            call[0] == fault.call && Self.kind(of: call[1]) == fault.descriptor
                && call.dropFirst(2).contains(Substring(fault.effect))
        }
    }

    /// Whether it made far more calls than there was to do: what suffers may have to be tried
    /// again, but a run that asks again and again what is ready burns the processor.
    func idleCalls(beside quiet: TortureRun) -> [String] {
        let struck = calls.count { $0.count > 2 }
        let limit = 4 * quiet.calls.count + 400 + 8 * struck
        return calls.count > limit ? ["\(calls.count) calls, \(struck) of which suffered"] : []
    }

    /// How often a call was made on a kind of descriptor.
    func count(of fault: TortureFault) -> Int {
        calls.count { call in
            call[0] == fault.call && Self.kind(of: call[1]) == fault.descriptor
        }
    }

    private static func kind(of descriptor: Substring) -> String {
        ["0", "1", "2"].contains(descriptor) ? String(descriptor) : "other"
    }

    // MARK: What is open at the end

    /// Descriptors that nobody closed, beside those that a run without a fault has too.
    func leaks(beside quiet: TortureRun) -> [String] {
        let own = openKinds
        let usual = quiet.openKinds
        return own.keys.sorted().compactMap { kind in
            let surplus = own[kind, default: 0] - usual[kind, default: 0]
            return surplus > 0 ? "\(surplus) \(kind) left open" : nil
        }
    }

    /// How many descriptors of each kind are open that were not when the program was started: it
    /// inherits what other tests have open.
    private var openKinds: [String: Int] {
        let inherited = Set(trace.filter { $0.hasPrefix("had ") }.map { $0.dropFirst(4) })
        var kinds: [String: Int] = [:]
        for line in trace {
            let words = line.split(separator: " ")
            guard words.count == 3, words[0] == "open", words[1] != "-1",
                !inherited.contains(line.dropFirst(5))
            else { continue }
            // Dispatch makes these when it first needs them, which is not the same each time.
            if ["anon_inode:[timerfd]", "anon_inode:[eventfd]"].contains(words[2]) { continue }
            // Sockets and pipes are numbered.
            let what = words[2].hasPrefix("anon_inode") ? words[2] : words[2].prefix { $0 != "[" }
            kinds[String(what), default: 0] += 1
        }
        return kinds
    }

    // MARK: The account

    /// What is wrong with the run, given what it suffered; nothing if it is as it has to be.
    func problems(_ fault: TortureFault?) -> [String] {
        var problems: [String] = []
        let saysAll = fault.map { !$0.consequences.contains(.errors) } ?? true
        let events = self.events
        if saysAll, events.contains(nil) { problems.append("a line is not JSON") }
        let said = events.compactMap { $0 }
        let places = arrived(&problems)
        let arrived = Set(places)
        let failures = named(said, &problems)
        for (place, outcome) in failures where outcome == "failed" && arrived.contains(place) {
            problems.append("\(place) is in the log, and was named as failed")
        }
        let acked = arrived.filter { failures[$0] == nil }
        if saysAll {
            problems += account(said, acked, failures)
            problems += status(said, acked, failures)
        }
        problems += copy(acked, isWhole: fault.map { !$0.consequences.contains(.output) } ?? true)
        problems += consequence(fault, said, acked)
        return problems
    }

    private var events: [JSON?] {
        outcome.errors.split(separator: "\n").map { JSON($0) }
    }

    private var all: [Place] {
        inputs.indices.flatMap { input in
            inputs[input].records.indices.map { Place(input: input, index: $0) }
        }
    }

    private func record(_ place: Place) -> TortureInput.Record {
        inputs[place.input].records[place.index]
    }

    /// The records in the log: each once, as it was read, in order along each partition.
    private func arrived(_ problems: inout [String]) -> [Place] {
        var found: [Place] = []
        var last: [Int: Place] = [:]
        for entry in log {
            guard let place = all.first(where: { record($0).value == entry.value }) else {
                problems.append("nobody wrote \(entry)")
                continue
            }
            if record(place).key != entry.key { problems.append("\(place) has another key") }
            if found.contains(place) { problems.append("\(place) is twice in the log") }
            if let before = last[entry.partition], place < before {
                problems.append("\(place) is behind \(before)")
            }
            last[entry.partition] = place
            found.append(place)
        }
        return found
    }

    /// The records that failure lines name, each with its true place.
    private func named(_ said: [JSON], _ problems: inout [String]) -> [Place: String] {
        var named: [Place: String] = [:]
        for line in said where line["event"] == "record_failed" {
            let place = all.first { place in
                line["input"] == .string(inputs[place.input].name)
                    && line["record"] == .integer(place.index + 1)
            }
            guard let place, line["offset"] == .integer(record(place).offset),
                line["size"] == .integer(record(place).bytes.count), named[place] == nil
            else {
                problems.append("a line names no record, or one again: \(line)")
                continue
            }
            named[place] = line["outcome"]?.text
        }
        return named
    }

    /// The summary: it agrees with the log, and names the first record that is not there.
    private func account(
        _ said: [JSON],
        _ acked: Set<Place>,
        _ failures: [Place: String]
    ) -> [String] {
        guard let summary = said.last(where: { $0["event"] == "summary" }) else {
            let began = !said.contains { $0["message"]?.text?.hasPrefix("cannot begin") ?? false }
            return outcome.status == 0 || !began ? [] : ["no summary"]
        }
        var problems: [String] = []
        let read = acked.union(failures.keys)
        let expected: [(String, Int)] = [
            ("read", read.count), ("acked", acked.count), ("skipped", 0),
            ("failed", failures.values.count { $0 == "failed" }),
            ("unknown", failures.values.count { $0 == "unknown" }),
            ("bytes", read.reduce(0) { $0 + record($1).bytes.count }),
        ]
        for (name, count) in expected where summary[name] != .integer(count) {
            problems.append("\(name) is not \(count): \(summary)")
        }
        let first = summary["first_unacked"]
        if let missing = all.first(where: { !acked.contains($0) }) {
            let matches =
                first?["input"] == .string(inputs[missing.input].name)
                && first?["record"] == .integer(missing.index + 1)
                && first?["offset"] == .integer(record(missing).offset)
            if !matches { problems.append("\(missing) is the first unacknowledged: \(summary)") }
        } else if let first, first != .null {
            // All records are there; what it names is the end of an input that could not be told.
            let isEnd = inputs.contains { input in
                first["input"] == .string(input.name) && first["offset"] == .integer(input.end)
                    && first["record"] == .integer(input.records.count + 1)
            }
            if !isEnd { problems.append("everything is acknowledged: \(summary)") }
        }
        return problems
    }

    /// The status: each is what it says, by the manual's order.
    private func status(
        _ said: [JSON],
        _ acked: Set<Place>,
        _ failures: [Place: String]
    ) -> [String] {
        let errors = said.filter { $0["event"] == "error" }.compactMap { $0["status"] }
        let isDelivered = acked.count == all.count
        let holds: [(Int32, Bool)] = [
            (75, failures.values.contains("unknown")), (69, errors.contains(69)),
            (74, errors.contains(74)), (65, !failures.isEmpty), (66, errors.contains(66)),
            (128 + SIGTERM, scenario == .sigterm), (0, isDelivered),
        ]
        let expected = holds.first { $0.1 }?.0
        return outcome.status == expected ? [] : ["status \(outcome.status), not \(expected ?? -1)"]
    }

    /// Standard output: what was acknowledged, in the order of the input, byte for byte.
    private func copy(_ acked: Set<Place>, isWhole: Bool) -> [String] {
        let expected = scenario.copies ? acked.sorted().flatMap { record($0).bytes } : []
        if isWhole { return outcome.output == expected ? [] : ["the copy is another"] }
        return expected.starts(with: outcome.output) ? [] : ["the copy is no beginning"]
    }

    /// What the fault was to lead to, and the words that say so.
    private func consequence(
        _ fault: TortureFault?,
        _ said: [JSON],
        _ acked: Set<Place>
    ) -> [String] {
        let errors = said.filter { $0["event"] == "error" }
        let messages = errors.compactMap { $0["message"]?.text }
        let isUnharmed =
            outcome.status == scenario.status && errors.isEmpty
            && (scenario == .sigterm || acked.count == all.count)
        guard let fault, isStruck(by: fault) else {
            return isUnharmed ? [] : ["no fault, and not unharmed"]
        }
        if isUnharmed, fault.consequences.contains(.none) { return [] }
        let cause = fault.error.map { String(cString: strerror($0)) } ?? ""
        let secondCause = fault.besides.isEmpty ? cause : String(cString: strerror(ENOMEM))
        func says(_ words: String) -> Bool {
            messages.contains {
                $0.contains(words) && ($0.contains(cause) || $0.contains(secondCause))
            }
        }
        for consequence in fault.consequences {
            switch consequence {
            case .none: break
            case .input where outcome.status == 66 && says("cannot open "): return []
            case .input where outcome.status == 74 && says("cannot read "): return []
            case .output where outcome.status == 74 && says("cannot write standard output: "):
                return scenario == .sigterm || acked.count == all.count
                    ? [] : ["the delivery ended with the copy"]
            case .errors where outcome.status == 74: return []
            case .start where outcome.status == 74 && log.isEmpty && says("cannot begin: "):
                return []
            case .unavailable where outcome.status == 69: return []
            case .input, .output, .errors, .start, .unavailable: break
            }
        }
        return ["status \(outcome.status), which it does not explain"]
    }
}
