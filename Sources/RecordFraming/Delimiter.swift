/// The bytes that end each record of a delimited input: any string of bytes but the empty one.
package struct Delimiter: Hashable, Sendable {
    /// The bytes, at least one.
    package let bytes: [UInt8]

    /// Creates a delimiter.
    ///
    /// - Precondition: `bytes` is not empty; ``DelimiterSyntax`` refuses an empty argument.
    package init(_ bytes: [UInt8]) {
        precondition(!bytes.isEmpty, "A delimiter has at least one byte.")
        self.bytes = bytes
    }

    /// The newline that ends lines.
    package static let newline = Delimiter([UInt8(ascii: "\n")])

    /// The NUL that ends what `find -print0` prints.
    package static let null = Delimiter([0])

    /// How many bytes the delimiter has.
    package var size: Int { bytes.count }
}
