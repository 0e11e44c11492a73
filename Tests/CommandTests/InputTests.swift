import Glibc
import Testing

@Suite("An input of kpipe")
struct InputTests {
    @Test("is a pipe, whose last line needs no newline; success says nothing")
    func pipe() throws {
        let sandbox = try SandboxProcess.logs()
        let outcome = Kpipe.run(sandbox, input: "a\nb\n\nc")
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output == [])
        #expect(
            try sandbox.records().map(\.text) == [
                [nil, "a"], [nil, "b"], [nil, ""], [nil, "c"],
            ]
        )
    }

    @Test("is a FIFO, opened before anybody writes to it")
    func fifo() throws {
        let sandbox = try SandboxProcess.logs()
        let fifo = File.fifo()
        let child = Kpipe.start(sandbox, fifo.path)
        fifo.append(Array("a\nb\n".utf8))
        #expect(child.waitForEnd().status == 0)
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("may break within a line: what was read before it is delivered, and the status is 74")
    func hangUp() throws {
        let sandbox = try SandboxProcess.logs()
        // Who holds the master of a terminal gets EIO when the other end is closed.
        let terminal = Descriptors.terminal()
        let child = Kpipe.start(sandbox, input: .descriptor(terminal.typed))
        Descriptors.write("one\ntwo", to: terminal.read)
        #expect(try sandbox.nextValue() == "one\r")
        close(terminal.read)
        #expect(child.waitForEnd().status == 74)
        #expect(try sandbox.values() == [])
        close(terminal.typed)
    }

    @Test("is a regular file on standard input, read from where it stands and left at its end")
    func regularFile() throws {
        let sandbox = try SandboxProcess.logs()
        let file = File("gone\na\nb")
        let descriptor = file.opened()
        lseek(descriptor, 5, SEEK_SET)
        let outcome = Kpipe.start(sandbox, input: .descriptor(descriptor)).waitForEnd()
        #expect(outcome.status == 0)
        #expect(lseek(descriptor, 0, SEEK_CUR) == 8)
        #expect(try sandbox.values() == ["a", "b"])
        close(descriptor)
    }

    @Test("is each FILE in order, standard input where one is -, and each ends its last record")
    func files() throws {
        let sandbox = try SandboxProcess.logs()
        let first = File("a\nb")
        let last = File("e\n")
        let outcome = Kpipe.run(sandbox, first.path, "-", last.path, input: "c\nd")
        #expect(outcome.status == 0)
        #expect(try sandbox.values() == ["a", "b", "c", "d", "e"])
    }

    @Test("may be empty", arguments: ["/dev/null", "pipe", "file"])
    func empty(kind: String) throws {
        let sandbox = try SandboxProcess.logs()
        let file = File("")
        let child =
            kind == "pipe"
            ? Kpipe.start(sandbox)
            : Kpipe.start(sandbox, input: .file(kind == "file" ? file.path : kind))
        let outcome = child.finish()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(try sandbox.values() == [])
    }

    @Test("is missed where it cannot be opened: it is named, every other is read, and 66")
    func missing() throws {
        let sandbox = try SandboxProcess.logs()
        let file = File("a\n")
        let outcome = Kpipe.run(sandbox, "/nonexistent/x", file.path, "/tmp", "-", input: "b\n")
        #expect(outcome.status == 66)
        let messages = outcome.events("error").compactMap { $0["message"]?.text }
        #expect(
            messages == [
                "cannot open /nonexistent/x: No such file or directory",
                "cannot open /tmp: Is a directory",
            ]
        )
        #expect(outcome.summary?["acked"] == 2)
        #expect(outcome.summary?["first_unacked"]?["input"] == "/nonexistent/x")
        #expect(try sandbox.values() == ["a", "b"])
    }

    @Test("is missed where standard input is closed or a directory")
    func unusableStandardInput() throws {
        let sandbox = try SandboxProcess.logs()
        for (stream, cause) in [
            (ChildProcess.Stream.closed, "Bad file descriptor"), (.file("/"), "Is a directory"),
        ] {
            let outcome = Kpipe.start(sandbox, input: stream).finish()
            #expect(outcome.status == 66)
            #expect(
                outcome.events("error").first?["message"]
                    == .string("cannot open standard input: \(cause)")
            )
        }
        #expect(try sandbox.values() == [])
    }

    @Test("is a terminal, where a notice says what is waited for")
    func terminal() throws {
        let sandbox = try SandboxProcess.logs()
        let (typed, read) = Descriptors.terminal()
        let child = Kpipe.start(sandbox, input: .descriptor(read))
        #expect(child.nextError(with: "waiting_for_input") != nil)
        Descriptors.write("a\n", to: typed)
        #expect(try sandbox.nextValue() == "a")
        Descriptors.write("b\n\u{4}", to: typed)
        #expect(child.waitForEnd().status == 0)
        #expect(try sandbox.values() == ["b"])
        close(typed)
        close(read)
    }

    @Test("is a file of /proc, which claims to have no bytes")
    func proc() throws {
        let sandbox = try SandboxProcess.logs()
        #expect(Kpipe.run(sandbox, "/proc/version").status == 0)
        let version = File.read("/proc/version").dropLast()
        #expect(try sandbox.values() == [String(decoding: version, as: UTF8.self)])
    }

    @Test("is read up to where a file ends that grows meanwhile")
    func growing() throws {
        let sandbox = try SandboxProcess.logs()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 99_999) + [10]
        let file = File((0..<100).flatMap { _ in line })
        // What was read cannot be acknowledged, and memory for more of it there is not.
        try sandbox.obey("pause")
        let child = Kpipe.start(
            sandbox,
            "-X",
            "buffer.memory=4194304",
            input: .file(file.path)
        )
        file.append(Array("last".utf8))
        try sandbox.obey("resume")
        let outcome = child.waitForEnd()
        #expect(outcome.status == 0)
        #expect(sandbox.recordCount() == 101)
    }

    @Test("is acknowledged line by line while a pipe stays open")
    func live() throws {
        let sandbox = try SandboxProcess.logs()
        let child = Kpipe.start(sandbox, "-T")
        for line in ["one", "two", "three"] {
            child.write("\(line)\n")
            #expect(try sandbox.nextValue() == line)
            #expect(child.nextLine() == line)
        }
        #expect(child.finish().status == 0)
        #expect(try sandbox.values() == [])
    }

    @Test("and the outputs keep their flags, which others share")
    func flags() throws {
        let sandbox = try SandboxProcess.logs()
        let input = Descriptors.pipe()
        let output = Descriptors.pipe()
        let errors = Descriptors.pipe()
        let shared = [input.read, output.write, errors.write]
        let child = Kpipe.start(
            sandbox,
            "-T",
            input: .descriptor(input.read),
            output: .descriptor(output.write),
            errors: .descriptor(errors.write)
        )
        Descriptors.write("a\n", to: input.write)
        #expect(try sandbox.nextValue() == "a")
        #expect(!shared.contains(where: Descriptors.isNonBlocking))
        close(input.write)
        #expect(child.waitForEnd().status == 0)
        #expect(!shared.contains(where: Descriptors.isNonBlocking))
        for descriptor in shared + [output.read, errors.read] { close(descriptor) }
    }
}
