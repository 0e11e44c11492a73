import Dispatch
import Glibc

/// Two connected descriptors, as a test's stand-in for the world outside.
///
/// Descriptors are closed by the test, or leak to the end of the process, which does no harm.
struct Pipe {
    let reader: Int32
    let writer: Int32

    /// Makes a pipe.
    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        reader = ends[0]
        writer = ends[1]
    }

    /// Takes two descriptors for the ends of a pipe.
    init(reader: Int32, writer: Int32) {
        self.reader = reader
        self.writer = writer
    }

    /// Writes all of it, waiting if it must.
    func write(_ bytes: [UInt8]) {
        EventLoopTests.write(writer, bytes)
    }

    /// Reads what is there, at most `count` bytes, waiting for the first; empty at the end.
    func read(upTo count: Int) -> [UInt8] {
        EventLoopTests.read(reader, upTo: count)
    }

    /// Reads exactly this many bytes, on a thread of its own so that the loop goes on.
    func collect(_ count: Int) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "reader").async {
                var bytes: [UInt8] = []
                while bytes.count < count { bytes += self.read(upTo: count - bytes.count) }
                continuation.resume(returning: bytes)
            }
        }
    }

    func closeReader() { close(reader) }

    func closeWriter() { close(writer) }
}

/// Writes all of it, waiting if it must.
func write(_ descriptor: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        precondition(count > 0)
        rest = rest.dropFirst(count)
    }
}

/// Reads what is there, at most `count` bytes, waiting for the first; empty at the end.
func read(_ descriptor: Int32, upTo count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = max(0, Glibc.read(descriptor, buffer.baseAddress, count))
    }
}

/// Bytes that are nowhere the same for long, so that a piece out of place shows.
func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
    (start..<start + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}

/// A fresh directory for a test's files.
struct TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/kpipe-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self)
    }

    /// Writes a file and names it.
    func file(_ name: String, _ bytes: [UInt8]) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        write(descriptor, bytes)
        close(descriptor)
        return file
    }

    /// Makes a FIFO and names it.
    func fifo(_ name: String) -> String {
        precondition(mkfifo("\(path)/\(name)", 0o600) == 0)
        return "\(path)/\(name)"
    }

    /// Removes what the test put there.
    func remove(_ files: String...) {
        for file in files { unlink(file) }
        rmdir(path)
    }
}
