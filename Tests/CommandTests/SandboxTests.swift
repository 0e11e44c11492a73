import Glibc
import Testing

/// Every wait ends with the sandbox's answer or its end; the limit is for a sandbox that hangs.
@Suite("kpipe-sandbox", .timeLimit(.minutes(5)))
struct SandboxTests {
    /// ApiVersions v0.
    private let apiVersions = "0000000f 0012 0000 00000001 00056b70697065"

    /// Produce v3 of three records to partition 2 of `t1`: sequence 0 of producer 4000, epoch 7.
    ///
    /// From KafkaProtocolTests/Fixtures/frames.json.
    private let produce = """
        00000081 0000 0003 00000001 00056b70697065 ffff ffff 00007530 00000001 00027431 00000001
        00000002 00000056 0000000000000000 0000004a ffffffff 02 02b5dd7e 0000 00000002
        0000018bcfe56800 0000018bcfe56801 0000000000000fa0 0007 00000000 00000003
        0e000000010261 00 10000202026b026200 0e000304010263 00
        """

    /// Connects to the first broker and asks for versions.
    private func connect(_ sandbox: SandboxProcess) throws -> RawClient {
        let client = try #require(RawClient(port: sandbox.ports[0]))
        client.send(hex: apiVersions)
        let answer = try #require(client.receive())
        #expect(answer.prefix(6) == [0, 0, 0, 1, 0, 0])
        return client
    }

    /// Produces the three records and returns the code of the answer.
    private func code(_ client: RawClient) throws -> Int {
        client.send(hex: produce)
        let answer = try #require(client.receive())
        // Correlation id, a topic "t1", a partition 2, then the code.
        #expect(
            answer[..<20] == RawClient.bytes("00000001 00000001 00027431 00000001 00000002")[...]
        )
        return Int(answer[20]) << 8 | Int(answer[21])
    }

    @Test("says where it listens, prints each record, and ends well at SIGTERM")
    func prints() throws {
        let sandbox = try SandboxProcess("--brokers", "2", "--topic", "t1:3", "--print")
        #expect(sandbox.ports.count == 2)
        #expect(sandbox.bootstrap.hasPrefix("127.0.0.1:"))
        #expect(try sandbox.control("move t1 * 0") == "ok move t1 * 0")
        #expect(try code(connect(sandbox)) == 0)
        let partition = "{\"topic\":\"t1\",\"partition\":2"
        let time = "\"timestamp\":1700000000"
        let none = "\"headers\":[]}"
        #expect(
            sandbox.nextRecord()
                == "\(partition),\"offset\":0,\(time)000,\"key\":null,\"value\":\"a\",\(none)"
        )
        #expect(
            sandbox.nextRecord()
                == "\(partition),\"offset\":1,\(time)001,\"key\":\"k\",\"value\":\"b\",\(none)"
        )
        #expect(sandbox.nextRecord()?.contains("\"value\":\"c\"") == true)
        #expect(sandbox.terminate() == 0)
        #expect(sandbox.nextRecord() == nil)
    }

    @Test("cuts requests out of any pieces, and answers those that come together")
    func pieces() throws {
        let sandbox = try SandboxProcess("--topic=t1:3", "--null", "--until-eof")
        let client = try #require(RawClient(port: sandbox.ports[0]))
        for byte in RawClient.bytes(apiVersions) { client.send([byte]) }
        #expect(client.receive() != nil)
        client.send(hex: apiVersions + produce + apiVersions)
        let answers = [client.receive(), client.receive(), client.receive()]
        #expect(answers[0] == answers[2])
        #expect(answers[1]?.count == 42)
        #expect(try sandbox.finish() == 0)
    }

    @Test("obeys control lines, and says what is wrong with the others")
    func control() throws {
        let sandbox = try SandboxProcess("--topic", "t1:3", "--do", "error t1 * 19")
        #expect(sandbox.nextError() == "ok error t1 * 19")
        let client = try connect(sandbox)
        #expect(try code(client) == 19)
        #expect(try code(client) == 0)
        #expect(try sandbox.control("error t1 2 6 2") == "ok error t1 2 6 2")
        #expect(try code(client) == 6)
        #expect(try code(client) == 6)
        #expect(try code(client) == 0)
        for (line, reason) in [
            ("nonsense", "no such command; see --help"), ("error", "a word is missing"),
            ("error t2 0 6", "there is no such topic"),
            ("error t1 3 6", "3 is not a number that fits"),
            ("move t1 0 1", "1 is not a number that fits"),
            ("profile 0 x", "there is no such profile"),
            ("create t1 1", "no topic can be created with this name"),
        ] {
            #expect(try sandbox.control(line) == "error \(line): \(reason)")
        }
        #expect(try sandbox.control("drop-answer t1 2") == "ok drop-answer t1 2")
        client.send(hex: produce)
        #expect(client.receive() == nil)
        #expect(sandbox.terminate() == 0)
    }

    @Test("lets what a seed draws go wrong, and counts it at the end")
    func chaos() throws {
        let sandbox = try SandboxProcess("--topic", "t1:3", "--chaos", "7:100:refusal")
        let client = try connect(sandbox)
        for _ in 0..<3 { #expect([3, 5, 6, 7, 19, 56].contains(try code(client))) }
        #expect(sandbox.nextError() == "chaos 7:100 refusal")
        sandbox.child.send(SIGTERM)
        #expect(sandbox.nextError() == "faults 7:100 3 refusal=3")
        #expect(sandbox.child.waitForEnd().status == 0)
    }

    @Test("kills and revives a broker on the same port")
    func kill() throws {
        let sandbox = try SandboxProcess("--topic", "t1:3")
        let client = try connect(sandbox)
        #expect(try code(client) == 0)
        #expect(try sandbox.control("kill 0") == "ok kill 0")
        #expect(client.receive() == nil)
        #expect(RawClient(port: sandbox.ports[0]) == nil)
        #expect(try sandbox.control("revive 0") == "ok revive 0")
        #expect(try code(connect(sandbox)) == 0)
        #expect(try sandbox.control("restart 0") == "ok restart 0")
        #expect(try code(connect(sandbox)) == 0)
    }

    @Test("names what no correct client does, and ends with 3")
    func violations() throws {
        let sandbox = try SandboxProcess("--topic", "t1:3", "--until-eof")
        let client = try #require(RawClient(port: sandbox.ports[0]))
        client.send(hex: produce)
        #expect(client.receive() == nil)
        #expect(
            sandbox.nextError() == "violation broker 0 connection 0: Produce v3 before ApiVersions"
        )
        #expect(try sandbox.finish() == 3)
    }

    @Test(
        "refuses a command line that it does not understand",
        arguments: [
            ["--nonsense"], ["--brokers"], ["--brokers", "0"], ["--brokers", "x"], ["--print=1"],
            ["--topic", "a:0"], ["--topic", "a b"], ["--port", "65536"], ["--profile", "x"],
            ["--print", "--null"], ["--first-look-up", "4"], ["x"], ["--chaos", "x"],
            ["--chaos", "1:101"], ["--chaos", "1:20:nonsense"], ["--chaos", "1:20:reset:"],
        ]
    )
    func usage(_ arguments: [String]) throws {
        let words = [SandboxProcess.executable] + arguments
        let outcome = ChildProcess(words.map { Array($0.utf8) }).finish()
        let text = outcome.errors
        #expect(outcome.status == 64)
        #expect(text.hasPrefix("kpipe-sandbox: "))
        #expect(text.last == "\n" && text.filter(\.isNewline).count == 1)
    }
}
