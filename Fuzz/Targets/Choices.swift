/// The bytes of an input, taken from the front as decisions; behind the end they are zero.
struct Choices {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether nothing is left.
    var isEmpty: Bool { position >= bytes.count }

    /// What is left.
    var rest: ArraySlice<UInt8> { bytes[min(position, bytes.count)...] }

    mutating func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    /// A number below the bound, which is at most 256.
    mutating func below(_ bound: Int) -> Int { Int(byte()) % bound }

    mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// The next bytes, or as many as there are.
    mutating func take(_ count: Int) -> [UInt8] {
        let taken = Array(rest.prefix(count))
        position += taken.count
        return taken
    }
}
