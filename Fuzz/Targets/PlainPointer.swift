/// A JSON pointer after RFC 6901 on JSON after RFC 8259: recursive, slow and plain.
///
/// It knows what `json:POINTER` promises: everything up to the end of the wanted value is JSON, of
/// duplicate members the first counts, containers nest 512 deep.
struct PlainPointer {
    private struct NotJSON: Error {}
    private static let depthLimit = 512

    private let steps: [[UInt8]]
    private var text: [UInt8] = []

    init(_ argument: [UInt8]) {
        steps = argument.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst()
            .map { step in
                // ~1 before ~0, so that ~01 is ~1 and no slash.
                String(decoding: step.map { UInt16($0) }, as: UTF16.self)
                    .replacing("~1", with: "/").replacing("~0", with: "~")
                    .unicodeScalars.map { UInt8($0.value) }
            }
    }

    func find(in record: [UInt8]) -> Rules.Found {
        var pointer = self
        pointer.text = record
        do {
            return try pointer.find(pointer.blanks(0), steps[...], depth: 0)
        } catch {
            return .broken
        }
    }

    private func find(
        _ start: Int,
        _ steps: ArraySlice<[UInt8]>,
        depth: Int
    ) throws -> Rules.Found {
        guard let step = steps.first else {
            let end = try value(start, depth)
            let bytes = text[start..<end]
            if bytes.first == UInt8(ascii: "\"") {
                return decoded(bytes.dropFirst().dropLast()).map { .bytes($0) } ?? .nothing
            }
            return bytes.elementsEqual("null".utf8) ? .nothing : .bytes(Array(bytes))
        }
        var index = 0
        var found: Int?
        let end = try members(start, depth) { name, place in
            let isWanted =
                name.map { decoded($0) == step } ?? String(index).utf8.elementsEqual(step)
            index += 1
            if isWanted { found = place }
            return isWanted
        }
        if let found { return try find(found, steps.dropFirst(), depth: depth + 1) }
        if end == nil { _ = try value(start, depth) }
        return .nothing
    }

    /// Passes a value, and gives where it ends.
    private func value(_ start: Int, _ depth: Int) throws -> Int {
        if let end = try members(start, depth, { _, _ in false }) { return end }
        if let string = try string(start) { return string }
        for word in ["true", "false", "null"] where text[start...].starts(with: word.utf8) {
            return try ended(start + word.utf8.count, depth)
        }
        return try ended(number(start), depth)
    }

    /// Walks over the members or elements of a container, until `isWanted` says so.
    ///
    /// - Returns: Where the container ends, or the wanted one stands; `nil` if it is no container.
    private func members(
        _ start: Int,
        _ depth: Int,
        _ isWanted: (ArraySlice<UInt8>?, Int) throws -> Bool
    ) throws -> Int? {
        let isObject = at(start, "{")
        guard isObject || at(start, "[") else { return nil }
        guard depth < Self.depthLimit else { throw NotJSON() }
        let close: Unicode.Scalar = isObject ? "}" : "]"
        var place = blanks(start + 1)
        if at(place, close) { return place + 1 }
        while true {
            var name: ArraySlice<UInt8>?
            if isObject {
                guard let end = try string(place) else { throw NotJSON() }
                name = text[place + 1..<end - 1]
                place = blanks(end)
                guard at(place, ":") else { throw NotJSON() }
                place = blanks(place + 1)
            }
            if try isWanted(name, place) { return place }
            place = blanks(try value(place, depth + 1))
            if at(place, close) { return place + 1 }
            guard at(place, ",") else { throw NotJSON() }
            place = blanks(place + 1)
        }
    }

    private func number(_ start: Int) throws -> Int {
        var place = at(start, "-") ? start + 1 : start
        place = at(place, "0") ? place + 1 : try digits(place)
        if at(place, ".") { place = try digits(place + 1) }
        if at(place, "e") || at(place, "E") {
            place += 1
            if at(place, "+") || at(place, "-") { place += 1 }
            place = try digits(place)
        }
        return place
    }

    private func digits(_ start: Int) throws -> Int {
        let end = text[min(start, text.count)...].firstIndex { !(0x30...0x39).contains($0) }
        guard (end ?? text.count) > start else { throw NotJSON() }
        return end ?? text.count
    }

    /// A number or word is whole only if something that can follow it does.
    private func ended(_ end: Int, _ depth: Int) throws -> Int {
        if end == text.count, depth == 0 { return end }
        guard end < text.count, " \t\r\n,]}".utf8.contains(text[end]) else { throw NotJSON() }
        return end
    }

    /// Where the string that begins here ends, or `nil` if none begins.
    private func string(_ start: Int) throws -> Int? {
        guard at(start, "\"") else { return nil }
        var place = start + 1
        while place < text.count {
            if at(place, "\"") { return place + 1 }
            guard text[place] >= 0x20 else { throw NotJSON() }
            guard at(place, "\\") else {
                place += 1
                continue
            }
            guard place + 1 < text.count, "\"\\/bfnrtu".utf8.contains(text[place + 1]) else {
                throw NotJSON()
            }
            if at(place + 1, "u") {
                guard text.count - place >= 6, unit(text[(place + 2)...]) != nil else {
                    throw NotJSON()
                }
                place += 6
            } else {
                place += 2
            }
        }
        throw NotJSON()
    }

    private func unit(_ digits: ArraySlice<UInt8>) -> UInt16? {
        let four = digits.prefix(4)
        guard four.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }) else {
            return nil
        }
        return UInt16(String(decoding: four, as: UTF8.self), radix: 16)
    }

    /// The bytes a string stands for, or `nil` for half a surrogate pair.
    private func decoded(_ content: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            let plain = Array("\"\\/bfnrt".utf8)
            if let index = plain.firstIndex(of: letter) {
                bytes.append(Array("\"\\/\u{8}\u{c}\n\r\t".utf8)[index])
                continue
            }
            var units = [unit(rest) ?? 0]
            rest = rest.dropFirst(4)
            if UTF16.isLeadSurrogate(units[0]), rest.starts(with: "\\u".utf8),
                let trail = unit(rest.dropFirst(2)), UTF16.isTrailSurrogate(trail)
            {
                units.append(trail)
                rest = rest.dropFirst(6)
            }
            if units.count == 1, Unicode.Scalar(units[0]) == nil { return nil }
            bytes += Array(String(decoding: units, as: UTF16.self).utf8)
        }
        return bytes
    }

    private func at(_ place: Int, _ scalar: Unicode.Scalar) -> Bool {
        place < text.count && text[place] == UInt8(ascii: scalar)
    }

    private func blanks(_ start: Int) -> Int {
        text[min(start, text.count)...].firstIndex { !" \t\r\n".utf8.contains($0) } ?? text.count
    }
}
