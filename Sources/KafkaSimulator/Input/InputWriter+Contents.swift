import KafkaProducer

/// What stands between delimiters or in a frame: a record's number, its key, and words.
extension InputWriter {
    /// Writes what stands between delimiters or in a frame.
    mutating func writeContent(_ index: Int, _ oddity: Oddity) -> Parts {
        var parts = Parts()
        let start = input.count
        if oddity == .empty {
            parts.hasKey = !format.canMissKey && format.keySource != .constant
            parts.value = start..<start
            return parts
        }
        switch format.keySource {
        case .none, .frame, .fixed: writeBare(index, oddity)
        case .constant: writeBare(index, oddity)
        case .split:
            writeSplit(index, oddity, &parts)
            return parts
        case .json: writeJSON(index, oddity, &parts)
        case .word, .field, .regex, .bytes, .before: writeRuled(index, oddity, &parts)
        }
        parts.value = start..<input.count
        switch format.keySource {
        case .fixed: parts.decodedKey = format.fixedKey
        case .constant: parts.decodedKey = Array("constant".utf8)
        case .none, .frame, .split, .json, .word, .field, .regex, .bytes, .before: break
        }
        return parts
    }

    private mutating func writeBare(_ index: Int, _ oddity: Oddity) {
        input.appendNumber(index)
        appendFiller(oddity)
    }

    private mutating func writeSplit(_ index: Int, _ oddity: Oddity, _ parts: inout Parts) {
        let start = input.count
        if oddity == .missingKey {
            writeBare(index, oddity)
            parts.hasKey = false
            parts.value = start..<input.count
            return
        }
        if oddity == .nullValue { input.appendNumber(index) } else { input.append(drawKey()) }
        parts.key = start..<input.count
        input.append(format.keyDelimiter)
        let valueStart = input.count
        if oddity != .nullValue { writeBare(index, oddity) }
        parts.value = valueStart..<input.count
    }

    private mutating func writeJSON(_ index: Int, _ oddity: Oddity, _ parts: inout Parts) {
        input.append(Array("{\"n\":\"".utf8))
        input.appendNumber(index)
        if oddity == .broken {
            input.append(Array("\",\"x\":tru,\"k\":\"a\"}".utf8))
            parts.isBroken = true
            return
        }
        if oddity == .missingKey {
            parts.hasKey = false
        } else {
            input.append(Array("\",\"k\":\"".utf8))
            writeJSONKey(&parts)
        }
        input.append(Array("\",\"f\":\"".utf8))
        appendFiller(oddity)
        input.append(Array("\"}".utf8))
    }

    private mutating func writeJSONKey(_ parts: inout Parts) {
        let key = drawKey()
        guard random.below(4) == 0 else {
            parts.key = input.count..<input.count + key.count
            input.append(key)
            return
        }
        // U+0078 is x, and the sequence of two escapes is U+1F600.
        input.append(Array("\\u0078\\ud83d\\ude00\\n".utf8))
        input.append(key)
        parts.decodedKey = Array("x\u{1f600}\n".utf8) + key
    }

    private mutating func writeRuled(_ index: Int, _ oddity: Oddity, _ parts: inout Parts) {
        let key = drawKey()
        let isMissing = oddity == .missingKey
        parts.hasKey = !isMissing
        if format.keySource == .before {
            if !isMissing {
                parts.key = input.count..<input.count + key.count
                input.append(key)
                input.append(UInt8(ascii: "/"))
            }
            writeBare(index, oddity)
            return
        }
        input.appendNumber(index)
        switch format.keySource {
        case .word: input.append(isMissing ? [] : [UInt8(ascii: " ")])
        case .field: input.append(isMissing ? [] : [UInt8(ascii: ";")])
        case .regex: input.append(isMissing ? [] : Array(" k=".utf8))
        case .bytes, .before, .none, .fixed, .split, .frame, .json, .constant: break
        }
        if isMissing {
            if format.keySource != .bytes { appendFiller(oddity) }
            return
        }
        parts.key = input.count..<input.count + key.count
        input.append(key)
        switch format.keySource {
        case .word: input.append(UInt8(ascii: " "))
        case .field, .regex: input.append(UInt8(ascii: ";"))
        case .bytes, .before, .none, .fixed, .split, .frame, .json, .constant: break
        }
        appendFiller(oddity)
    }
}
