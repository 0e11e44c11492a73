import Glibc

/// The repository's files that a person wrote.
enum SourceTree {
    /// Every file the rules are about, in the order of their paths.
    static let files: [SourceFile] = {
        var files: [SourceFile] = []
        collect(folder: "", into: &files)
        return files.sorted { $0.path < $1.path }
    }()

    /// The repository's root, found from where this file lies.
    private static let root = #filePath.split(separator: "/").dropLast(3)
        .map { "/" + $0 }.joined()

    /// Folders that hold what was built, and golden data, which is written by programs.
    private static let skipped = [".build", ".git", ".swiftpm", "build", "Fixtures"]

    private static let extensions = [".swift", ".c", ".h", ".md", ".modulemap", ".sh", ".py"]
    private static let folders = [".ci/", "scripts/"]

    private static func isWritten(_ path: String) -> Bool {
        path == "Makefile" || extensions.contains { path.hasSuffix($0) }
            || folders.contains { path.hasPrefix($0) }
    }

    private static func collect(folder: String, into files: inout [SourceFile]) {
        guard let stream = opendir(root + "/" + folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != "..", !skipped.contains(name) else { continue }
            let path = folder + name
            if Int(entry.pointee.d_type) == Int(DT_DIR) {
                collect(folder: path + "/", into: &files)
            } else if isWritten(path) {
                files.append(SourceFile(path, contents(of: root + "/" + path)))
            }
        }
    }

    private static func contents(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
