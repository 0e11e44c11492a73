/// What to tell of the protocol, by kcat's names for it: `-d`.
///
/// The details are notices like others, named after their context. None of them holds a byte of a
/// record, so none can hold a secret of one.
package struct Details: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Connections: ready, and why they ended.
    package static let broker = Details(rawValue: 1)

    /// What metadata says of topics.
    package static let topic = Details(rawValue: 2)

    /// What became of each batch.
    package static let msg = Details(rawValue: 4)

    /// Each request and each answer.
    package static let `protocol` = Details(rawValue: 8)

    /// Producer ids and epochs.
    package static let eos = Details(rawValue: 16)

    /// The context's name.
    fileprivate var name: String {
        let names: [(Details, String)] = [
            (.broker, "broker"), (.topic, "topic"), (.msg, "msg"), (.protocol, "protocol"),
            (.eos, "eos"),
        ]
        return names.first { contains($0.0) }?.1 ?? "detail"
    }
}

extension Producer {
    /// Tells a detail, if it was asked for; the sentence is made only then.
    mutating func tell(_ context: Details, _ sentence: (borrowing Producer) -> String) {
        guard configuration.details.contains(context) else { return }
        note(Notice(name: context.name, message: sentence(self)))
    }
}
