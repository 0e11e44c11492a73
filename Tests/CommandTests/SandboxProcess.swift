import Glibc
import Testing

/// A running `kpipe-sandbox`.
final class SandboxProcess {
    /// The program.
    let child: ChildProcess
    /// Where its brokers listen, as `host:port` with commas between.
    let bootstrap: String

    /// The program, which is built beside the tests.
    static let executable = Kpipe.built("kpipe-sandbox")

    /// A record that it printed.
    struct Record: Equatable {
        let topic: String
        let partition: Int
        let offset: Int
        let key: [UInt8]?
        let value: [UInt8]?

        init(_ line: String) throws {
            let json = try #require(JSON(line), "\(line)")
            topic = try #require(json["topic"]?.text)
            guard case .integer(let partition)? = json["partition"],
                case .integer(let offset)? = json["offset"]
            else {
                Issue.record("no place in \(line)")
                (self.partition, self.offset, key, value) = (-1, -1, nil, nil)
                return
            }
            (self.partition, self.offset) = (partition, offset)
            key = json["key"]?.bytes
            value = json["value"]?.bytes
        }

        /// Key and value as text, null as `nil`.
        var text: [String?] {
            [key, value].map { $0.map { String(decoding: $0, as: UTF8.self) } }
        }
    }

    /// Starts it, and returns when it serves.
    init(_ arguments: [String]) throws {
        child = ChildProcess(([Self.executable] + arguments).map { Array($0.utf8) })
        let first = try #require(child.nextLine())
        try #require(first.hasPrefix("bootstrap "), "\(first)")
        bootstrap = String(first.dropFirst("bootstrap ".count))
    }

    /// Starts it, and returns when it serves.
    convenience init(_ arguments: String...) throws { try self.init(arguments) }

    /// Starts one broker with a topic `logs`, which prints what arrives.
    static func logs(partitions: Int = 1, _ arguments: String...) throws -> SandboxProcess {
        try SandboxProcess(["--topic", "logs:\(partitions)", "--print"] + arguments)
    }

    /// The port of each broker.
    var ports: [UInt16] {
        bootstrap.split(separator: ",").compactMap { address in
            address.split(separator: ":").last.flatMap { UInt16($0) }
        }
    }

    /// Sends a control line and returns its answer, which comes when it was obeyed.
    func control(_ line: String) throws -> String {
        child.write("\(line)\n")
        return try #require(child.nextError())
    }

    /// Has a control line obeyed.
    func obey(_ line: String) throws {
        #expect(try control(line) == "ok \(line)")
    }

    /// The next record that it prints, or `nil` at the end.
    func nextRecord() -> String? { child.nextLine() }

    /// The value of the next record that arrives, as text.
    func nextValue() throws -> String? {
        try Record(try #require(nextRecord())).text[1]
    }

    /// Stops it, expecting that every client was correct, and returns what has arrived and was not
    /// taken line by line.
    func records() throws -> [Record] {
        try String(decoding: stop(), as: UTF8.self).split(separator: "\n")
            .map { try Record(String($0)) }
    }

    /// Stops it, and returns how many records have arrived; many are not worth being looked at.
    func recordCount() -> Int {
        stop().withUnsafeBytes { bytes in
            var count = 0
            for byte in bytes where byte == 10 { count += 1 }
            return count
        }
    }

    private func stop() -> [UInt8] {
        child.send(SIGTERM)
        let outcome = child.waitForEnd()
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    /// Stops it, and returns the values that have arrived, as text.
    func values() throws -> [String?] { try records().map { $0.text[1] } }

    /// The next line on its standard error, or `nil` at the end.
    func nextError() -> String? { child.nextError() }

    /// Closes its standard input and returns its status.
    func finish() throws -> Int32 { child.finish().status }

    /// Sends SIGTERM and returns its status.
    func terminate() -> Int32 {
        child.send(SIGTERM)
        return child.waitForEnd().status
    }
}
