import Glibc

/// A file that is there for as long as it is referred to.
final class TemporaryFile {
    /// Where it lies.
    let path: String

    /// Makes a file with the contents.
    init(_ contents: [UInt8] = []) {
        var template = Array("/tmp/kpipe-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        precondition(descriptor >= 0, "no temporary file: \(errno)")
        path = template.withUnsafeBufferPointer { pointer in
            pointer.baseAddress.map { String(cString: $0) } ?? ""
        }
        var rest = contents[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            precondition(count > 0, "no space for a temporary file: \(errno)")
            rest = rest.dropFirst(count)
        }
        close(descriptor)
    }

    /// Makes a file with the text.
    convenience init(_ text: String) {
        self.init(Array(text.utf8))
    }

    deinit { unlink(path) }

    /// The bytes that are in it now.
    var contents: [UInt8] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 {
            bytes += chunk[..<count]
        }
        return bytes
    }
}
