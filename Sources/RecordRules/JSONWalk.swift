/// Steps through a JSON text, from value to value.
///
///     {"user": {"id": 7}, …}
///     ^        ^      ^ enter("id")
///     |        | enter("user")
///     | where the text begins
///
/// Each step is given the place where a value begins, and says where it leads: so the place stays
/// in a register, as in ``JSONScan``. It reads each byte once, allocates nothing and does not
/// recurse: of the containers it passes over it remembers one bit each, object or array, so
/// ``nestingLimit`` bounds its memory. It holds what it passes to the grammar of RFC 8259, and
/// throws where that breaks.
enum JSONWalk {
    /// How many containers may stand one within the other.
    ///
    /// RFC 8259, section 9, lets a parser choose.
    static let nestingLimit = 512

    /// Moves into an object or array, to the member called `name` or the element `index`.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - place: Where a value begins.
    ///   - depth: How many containers are open around it.
    ///   - name: The member's name, decoded.
    ///   - index: The element's index, or `nil` if no element can be meant.
    ///   - scratch: Where names with escapes are decoded.
    /// - Returns: Where that member's or element's value begins, or `nil` if there is none; then
    ///   the value was read to its end.
    /// - Throws: ``BrokenRecord/json(_:byteOffset:)`` at the first flaw.
    @inline(__always)
    static func enter(
        _ bytes: Span<UInt8>,
        _ place: Int,
        depth: Int,
        name: Span<UInt8>,
        index: Int?,
        scratch: inout RuleScratch
    ) throws(BrokenRecord) -> Int? {
        switch try JSONScan.byte(bytes, place) {
        case UInt8(ascii: "{"):
            return try member(name, bytes, place, depth, scratch: &scratch)
        case UInt8(ascii: "["):
            // An index beyond any array passes over this one.
            return try element(index ?? .max, bytes, place, depth)
        default:
            _ = try JSONScan.endOfScalar(bytes, place, isNested: depth > 0)
            return nil
        }
    }

    /// Reads a value to its end.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - place: Where the value begins.
    ///   - depth: How many containers are open around it.
    ///   - scratch: Where a string with escapes is decoded.
    /// - Returns: Where its bytes are, or ``RuleMatch/none`` for `null` and half a surrogate pair.
    /// - Throws: ``BrokenRecord/json(_:byteOffset:)`` at the first flaw.
    @inline(__always)
    static func value(
        _ bytes: Span<UInt8>,
        _ place: Int,
        depth: Int,
        scratch: inout RuleScratch
    ) throws(BrokenRecord) -> RuleMatch {
        switch try JSONScan.byte(bytes, place) {
        case UInt8(ascii: "\""):
            let string = try JSONScan.string(bytes, place)
            guard string.hasEscapes else { return .range(string.content) }
            return string.decode(from: bytes, into: &scratch) ? .decoded : .none
        case UInt8(ascii: "n"):
            _ = try JSONScan.endOfScalar(bytes, place, isNested: depth > 0)
            return .none
        default:
            return .range(place..<(try endOfValue(bytes, place, depth)))
        }
    }

    private static func member(
        _ name: Span<UInt8>,
        _ bytes: Span<UInt8>,
        _ brace: Int,
        _ depth: Int,
        scratch: inout RuleScratch
    ) throws(BrokenRecord) -> Int? {
        guard depth < nestingLimit else { throw .json(.nestedTooDeep, byteOffset: brace) }
        var place = JSONScan.endOfBlanks(bytes, brace + 1)
        if try JSONScan.byte(bytes, place) == UInt8(ascii: "}") { return nil }
        while true {
            let text = try JSONScan.name(bytes, &place)
            if text.says(name, in: bytes, scratch: &scratch) { return place }
            place = JSONScan.endOfBlanks(bytes, try endOfValue(bytes, place, depth + 1))
            switch try JSONScan.byte(bytes, place) {
            case UInt8(ascii: ","): place = JSONScan.endOfBlanks(bytes, place + 1)
            case UInt8(ascii: "}"): return nil
            default: throw .json(.memberEndExpected, byteOffset: place)
            }
        }
    }

    private static func element(
        _ index: Int,
        _ bytes: Span<UInt8>,
        _ bracket: Int,
        _ depth: Int
    ) throws(BrokenRecord) -> Int? {
        guard depth < nestingLimit else { throw .json(.nestedTooDeep, byteOffset: bracket) }
        var place = JSONScan.endOfBlanks(bytes, bracket + 1)
        if try JSONScan.byte(bytes, place) == UInt8(ascii: "]") { return nil }
        var passed = 0
        while passed < index {
            place = JSONScan.endOfBlanks(bytes, try endOfValue(bytes, place, depth + 1))
            switch try JSONScan.byte(bytes, place) {
            case UInt8(ascii: ","): place = JSONScan.endOfBlanks(bytes, place + 1)
            case UInt8(ascii: "]"): return nil
            default: throw .json(.elementEndExpected, byteOffset: place)
            }
            passed += 1
        }
        return place
    }

    /// Where a value ends, with all it contains.
    @inline(__always)
    private static func endOfValue(
        _ bytes: Span<UInt8>,
        _ place: Int,
        _ depth: Int
    ) throws(BrokenRecord) -> Int {
        let first = try JSONScan.byte(bytes, place)
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return try endOfContainer(bytes, place, depth)
        }
        return try JSONScan.endOfScalar(bytes, place, isNested: depth > 0)
    }

    private static func endOfContainer(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ outerDepth: Int
    ) throws(BrokenRecord) -> Int {
        var open = OpenContainers(depth: outerDepth)
        var place = start
        repeat {
            let first = try JSONScan.byte(bytes, place)
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                let isObject = first == UInt8(ascii: "{")
                guard open.depth < nestingLimit else {
                    throw .json(.nestedTooDeep, byteOffset: place)
                }
                place = JSONScan.endOfBlanks(bytes, place + 1)
                if try JSONScan.byte(bytes, place) != UInt8(ascii: isObject ? "}" : "]") {
                    open.append(isObject: isObject)
                    if isObject { _ = try JSONScan.name(bytes, &place) }
                    continue
                }
                place += 1
            } else {
                place = try JSONScan.endOfScalar(bytes, place, isNested: true)
            }
            // A value has ended, and with it the containers whose last value it was.
            while open.depth > outerDepth {
                place = JSONScan.endOfBlanks(bytes, place)
                let byte = try JSONScan.byte(bytes, place)
                let isObject = open.lastIsObject
                if byte == UInt8(ascii: ",") {
                    place = JSONScan.endOfBlanks(bytes, place + 1)
                    if isObject { _ = try JSONScan.name(bytes, &place) }
                    break
                }
                guard byte == UInt8(ascii: isObject ? "}" : "]") else {
                    let flaw = isObject ? JSONFlaw.memberEndExpected : .elementEndExpected
                    throw .json(flaw, byteOffset: place)
                }
                place += 1
                open.removeLast()
            }
        } while open.depth > outerDepth
        return place
    }
}

/// The containers that are open around a place, of which the outer ones are only counted.
private struct OpenContainers {
    /// How many there are.
    private(set) var depth: Int
    /// Bit *n* is set where the container at depth *n* is an object.
    private var objects = InlineArray<8, UInt64>(repeating: 0)

    init(depth: Int) { self.depth = depth }

    var lastIsObject: Bool { objects[(depth - 1) / 64] & (1 << ((depth - 1) % 64)) != 0 }

    mutating func append(isObject: Bool) {
        let bit: UInt64 = 1 << (depth % 64)
        if isObject { objects[depth / 64] |= bit } else { objects[depth / 64] &= ~bit }
        depth += 1
    }

    mutating func removeLast() { depth -= 1 }
}
