/// A place in a JSON text that moves forward, from value to value.
///
///     {"user": {"id": 7}, …}
///      ^       ^      ^ enter("id")
///      |       | enter("user")
///      | init
///
/// The walker reads each byte once, allocates nothing and does not recurse: of the containers
/// around its place it remembers one bit each, object or array, so ``nestingLimit`` bounds its
/// memory. Every step holds what it passes to the grammar of RFC 8259, and throws where it breaks.
///
/// Between steps `position` is where a value begins. After ``enter(name:index:scratch:)`` said no,
/// or after ``takeValue(scratch:)``, the walk is over.
struct JSONWalker: ~Escapable {
    /// How many containers may stand one within the other.
    ///
    /// RFC 8259, section 9, lets a parser choose.
    static let nestingLimit = 512

    let bytes: Span<UInt8>
    var position = 0
    /// How many containers are open around `position`.
    private(set) var depth = 0
    /// Bit *n* is set where the container at depth *n* is an object.
    private var objects = InlineArray<8, UInt64>(repeating: 0)

    /// Begins at the front of a text.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        skipBlanks()
    }

    /// Moves into the object or array here, to the member called `name` or the element `index`.
    ///
    /// - Parameters:
    ///   - name: The member's name, decoded.
    ///   - index: The element's index, or `nil` if no element can be meant.
    ///   - scratch: Where names with escapes are decoded.
    /// - Returns: Whether there is such a value. If not, the value here has been passed.
    /// - Throws: ``BrokenRecord/json(_:byteOffset:)`` at the first flaw.
    @_lifetime(self: copy self)
    mutating func enter(
        name: Span<UInt8>,
        index: Int?,
        scratch: inout RuleScratch
    ) throws(BrokenRecord) -> Bool {
        switch try current() {
        case UInt8(ascii: "{"):
            return try enterObject(name: name, scratch: &scratch)
        case UInt8(ascii: "["):
            // An index beyond any array passes over this one.
            return try enterArray(index: index ?? .max)
        default:
            try skipValue()
            return false
        }
    }

    /// Reads the value here to its end.
    ///
    /// - Parameter scratch: Where a string with escapes is decoded.
    /// - Returns: Where its bytes are, or ``RuleMatch/none`` for `null` and half a surrogate pair.
    /// - Throws: ``BrokenRecord/json(_:byteOffset:)`` at the first flaw.
    @_lifetime(self: copy self)
    mutating func takeValue(scratch: inout RuleScratch) throws(BrokenRecord) -> RuleMatch {
        let start = position
        switch try current() {
        case UInt8(ascii: "\""):
            let string = try JSONScan.string(bytes, position)
            position = string.content.upperBound + 1
            guard string.hasEscapes else { return .range(string.content) }
            return string.decode(from: bytes, into: &scratch) ? .decoded : .none
        case UInt8(ascii: "n"):
            try skipValue()
            return .none
        default:
            try skipValue()
            return .range(start..<position)
        }
    }

    /// The byte here.
    @inline(__always)
    private func current() throws(BrokenRecord) -> UInt8 { try JSONScan.byte(bytes, position) }

    /// What to throw for a flaw here.
    private func broken(_ flaw: JSONFlaw) -> BrokenRecord {
        .json(flaw, byteOffset: position)
    }

    @_lifetime(self: copy self)
    private mutating func enterObject(
        name: Span<UInt8>,
        scratch: inout RuleScratch
    ) throws(BrokenRecord) -> Bool {
        guard try openContainer() else { return false }
        // Most members are passed here, with the place in a register: see ``JSONScan``.
        var place = position
        while true {
            let text = try Self.name(bytes, &place)
            if text.says(name, in: bytes, scratch: &scratch) {
                position = place
                return true
            }
            let first = try JSONScan.byte(bytes, place)
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                position = place
                try skipValue()
                place = position
            } else {
                place = try JSONScan.endOfScalar(bytes, place, isNested: true)
            }
            place = JSONScan.endOfBlanks(bytes, place)
            if try JSONScan.byte(bytes, place) != UInt8(ascii: ",") {
                position = place
                return try passComma()
            }
            place = JSONScan.endOfBlanks(bytes, place + 1)
        }
    }

    @_lifetime(self: copy self)
    private mutating func enterArray(index: Int) throws(BrokenRecord) -> Bool {
        var hasElement = try openContainer()
        var passed = 0
        while hasElement {
            if passed == index { return true }
            try skipValue()
            passed += 1
            hasElement = try passComma()
        }
        return false
    }

    /// Passes the value here, with all it contains.
    @_lifetime(self: copy self)
    private mutating func skipValue() throws(BrokenRecord) {
        let outerDepth = depth
        repeat {
            let first = try current()
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                if try openContainer() {
                    if isInObject { _ = try Self.name(bytes, &position) }
                    continue
                }
            } else {
                position = try JSONScan.endOfScalar(bytes, position, isNested: depth > 0)
            }
            // A value has ended, and with it the containers whose last value it was.
            while depth > outerDepth {
                guard try passComma() else { continue }
                if isInObject { _ = try Self.name(bytes, &position) }
                break
            }
        } while depth > outerDepth
    }

    /// Passes what opens a container, and if it is empty, what closes it.
    ///
    /// - Returns: Whether the container has a first member or element.
    @_lifetime(self: copy self)
    private mutating func openContainer() throws(BrokenRecord) -> Bool {
        guard depth < Self.nestingLimit else { throw broken(.nestedTooDeep) }
        let isObject = try current() == UInt8(ascii: "{")
        let bit: UInt64 = 1 << (depth % 64)
        if isObject { objects[depth / 64] |= bit } else { objects[depth / 64] &= ~bit }
        depth += 1
        position += 1
        skipBlanks()
        guard try current() == UInt8(ascii: isObject ? "}" : "]") else { return true }
        closeContainer()
        return false
    }

    /// Passes what stands behind a member or an element: a comma, or the container's end.
    ///
    /// - Returns: Whether another one follows.
    @_lifetime(self: copy self)
    private mutating func passComma() throws(BrokenRecord) -> Bool {
        skipBlanks()
        let byte = try current()
        if byte == UInt8(ascii: ",") {
            position += 1
            skipBlanks()
            return true
        }
        guard byte == UInt8(ascii: isInObject ? "}" : "]") else {
            throw broken(isInObject ? .memberEndExpected : .elementEndExpected)
        }
        closeContainer()
        return false
    }

    /// Passes a member's name and the colon.
    @inline(__always)
    private static func name(
        _ bytes: Span<UInt8>,
        _ place: inout Int
    ) throws(BrokenRecord) -> JSONString {
        guard try JSONScan.byte(bytes, place) == UInt8(ascii: "\"") else {
            throw .json(.nameExpected, byteOffset: place)
        }
        let name = try JSONScan.string(bytes, place)
        place = JSONScan.endOfBlanks(bytes, name.content.upperBound + 1)
        guard try JSONScan.byte(bytes, place) == UInt8(ascii: ":") else {
            throw .json(.colonExpected, byteOffset: place)
        }
        place = JSONScan.endOfBlanks(bytes, place + 1)
        return name
    }

    @_lifetime(self: copy self)
    private mutating func closeContainer() {
        assert(depth > 0)
        depth -= 1
        position += 1
    }

    private var isInObject: Bool {
        assert(depth > 0)
        return objects[(depth - 1) / 64] & (1 << ((depth - 1) % 64)) != 0
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func skipBlanks() {
        position = JSONScan.endOfBlanks(bytes, position)
    }
}
