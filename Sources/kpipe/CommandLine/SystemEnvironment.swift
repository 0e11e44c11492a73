import Glibc

/// What the process was given: arguments, variables, files, and standard streams.
///
/// The unsafe calls are to the C library, with buffers whose sizes are passed along, and with the
/// vectors of `main`, which end with null and live as long as the process.
nonisolated package enum SystemEnvironment {
    /// The arguments as raw bytes, the name of the program first.
    package static var arguments: [[UInt8]] {
        (0..<Int(CommandLine.argc)).map { index in
            unsafe CommandLine.unsafeArgv[index].map { unsafe bytes($0) } ?? []
        }
    }

    /// The variables and files of the machine.
    package static var environment: Environment {
        var variables: [[UInt8]] = []
        var next = unsafe environ
        while let variable = unsafe next.pointee {
            unsafe variables.append(bytes(variable))
            unsafe next += 1
        }
        return Environment(variables: variables) { contents(of: $0) }
    }

    /// Whether a standard stream is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// Writes all bytes to a standard stream, waiting for it as long as it takes.
    ///
    /// For what is said before the event loop runs, and for the answers to `--help` and its kin.
    ///
    /// - Returns: Whether all was written.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The largest file of properties that is read, some thousand times a large one.
    private static let fileSizeLimit = 1 << 24

    private static func contents(of path: [UInt8]) -> Environment.FileContents {
        let name = path.map { CChar(bitPattern: $0) } + [0]
        let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .absent : .unreadable(reason(errno))
        }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while contents.count <= fileSizeLimit {
            let count = unsafe block.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .unreadable(reason(errno)) }
            if count == 0 { return .bytes(contents) }
            contents += block[..<count]
        }
        return .unreadable("more than \(fileSizeLimit) bytes")
    }

    private static func reason(_ number: Int32) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }

    private static func bytes(_ string: UnsafePointer<CChar>) -> [UInt8] {
        unsafe UnsafeBufferPointer(start: string, count: strlen(string)).map {
            UInt8(bitPattern: $0)
        }
    }
}
