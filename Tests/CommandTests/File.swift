import Glibc

/// A file, or a FIFO, that is gone when its test is.
final class File {
    let path: String

    /// Makes a file with these bytes in it.
    init(_ bytes: [UInt8]) {
        var name = Array("/tmp/kpipe-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        precondition(descriptor >= 0, "no file: \(errno)")
        close(descriptor)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        append(bytes)
    }

    /// Makes a file with this text in it.
    convenience init(_ text: String) { self.init(Array(text.utf8)) }

    /// Makes a FIFO.
    static func fifo() -> File {
        let file = File("")
        unlink(file.path)
        precondition(mkfifo(file.path, 0o600) == 0, "no FIFO: \(errno)")
        return file
    }

    deinit { unlink(path) }

    /// Writes behind its end; into a FIFO, as soon as somebody reads it.
    func append(_ bytes: [UInt8]) {
        let descriptor = Descriptors.open(path, O_WRONLY | O_APPEND)
        precondition(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    /// Opens it for a program to read, from its beginning.
    func opened() -> Int32 { Descriptors.open(path, O_RDONLY) }

    /// Everything in the file of a path.
    static func read(_ path: String) -> [UInt8] {
        let descriptor = Descriptors.open(path, O_RDONLY)
        defer { close(descriptor) }
        return Descriptors.readAll(descriptor)
    }
}
