internal import KafkaProducer

/// A place in an input, as people count.
package nonisolated struct RecordPlace: Hashable, Sendable {
    /// Which input, in the order they were named, from 0.
    package var input: Int
    /// The record's number in its input, from 1.
    package var record: UInt64
    /// The byte offset of the record in its input.
    package var offset: UInt64
}

/// Where each input begins in the numbers that grow along the whole run.
nonisolated struct InputLedger {
    private struct Entry {
        var startPosition: UInt64
        var startOrdinal: UInt64
    }

    private var entries: [Entry] = []

    /// The next input begins.
    mutating func begin(position: UInt64, ordinal: UInt64) {
        entries.append(Entry(startPosition: position, startOrdinal: ordinal))
    }

    /// The place of a record.
    ///
    /// - Precondition: An input has begun.
    func locate(ordinal: UInt64, position: UInt64) -> RecordPlace {
        // Inputs without a record share their start with the next: the last that fits is meant.
        let index =
            entries.lastIndex {
                $0.startOrdinal <= ordinal && $0.startPosition <= position
            } ?? 0
        return locate(ordinal: ordinal, position: position, in: index)
    }

    /// A place in an input that is known: one without a record shares its start with the next.
    func locate(ordinal: UInt64, position: UInt64, in index: Int) -> RecordPlace {
        RecordPlace(
            input: index,
            record: ordinal - entries[index].startOrdinal + 1,
            offset: position - entries[index].startPosition
        )
    }

    /// The place of a record.
    func locate(_ origin: RecordOrigin) -> RecordPlace {
        locate(ordinal: origin.ordinal, position: origin.position)
    }
}
