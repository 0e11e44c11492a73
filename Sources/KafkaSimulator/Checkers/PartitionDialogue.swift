import KafkaProducer
import KafkaProtocol

/// What a client and brokers said to each other of one partition, held against the rules of
/// docs/PROTOCOL.md section 10.
///
/// A strict broker hides much of what a client does wrong: it answers a needless resend with
/// success, and refuses what came too early. This sees the client do it.
struct PartitionDialogue {
    /// A batch that the client began to write.
    struct Sent {
        /// The connection, by its place.
        let link: Int
        /// Whose it is and its numbers, or `nil` without idempotence.
        let identity: ProducerStates.Batch?
        /// No turn before this one can have decided to send it.
        let decidedAt: DialogueTime
        /// When a connection last broke with something unwritten, which nobody else knows of.
        let lastLoss: Instant
    }

    /// A batch of the epoch, as far as the client has been told.
    private struct Entry {
        var batch: ProducerStates.Batch
        var isAcknowledged = false
        /// Whether its last answer was that it is out of order.
        var isOutOfOrder = false
        /// Since when it may be in the log, or `nil` if it certainly is not.
        var ambiguousSince: Instant?
    }

    private var inFlight: [Sent] = []
    /// The batches of the newest epoch from the oldest one without its success on, in order.
    private var entries: [Entry] = []
    private var last: ProducerStates.Batch?
    private var hasSuccess = false
    private var lastSuccess = Instant(nanoseconds: 0)
    /// When the client was told of an error, while what was sent before it has not been resolved.
    private var errorAt: DialogueTime?
    /// When the client was told of an error, while more answers of that time are to come.
    private var mutedAt: DialogueTime?

    /// Forgets an error: something has ended, which may be what it was about.
    mutating func didEndSomething() { errorAt = nil }

    // MARK: The client writes

    /// Takes a batch that is sent.
    ///
    /// - Returns: The rule that this breaks, or `nil`.
    mutating func didSend(_ sent: Sent, limit: Int) -> String? {
        var problem = order(of: sent)
        if let batch = sent.identity { problem = note(batch, sent, limit: limit) ?? problem }
        inFlight.append(sent)
        return problem
    }

    private func order(of sent: Sent) -> String? {
        guard let other = inFlight.last else { return nil }
        guard sent.identity != nil else {
            return "R12: two requests of a partition in flight without idempotence"
        }
        if other.link != sent.link {
            return "R3: in flight on link \(other.link) and sent on link \(sent.link)"
        }
        if let errorAt, errorAt <= sent.decidedAt {
            return "R3: more than one batch in flight after an error"
        }
        if let mutedAt, mutedAt <= sent.decidedAt {
            return "R3: sent before what was in flight at an error is answered"
        }
        return nil
    }

    private mutating func note(
        _ batch: ProducerStates.Batch,
        _ sent: Sent,
        limit: Int
    ) -> String? {
        if let last, !batch.isOfEpoch(last) {
            if batch.producerID == last.producerID, batch.producerEpoch < last.producerEpoch {
                return "R8: \(batch) after epoch \(last.producerEpoch)"
            }
            if !inFlight.isEmpty { return "R8: the epoch bumped with a batch in flight" }
            if batch.baseSequence != 0 { return "R7: \(batch) begins an epoch" }
            forgetEpoch()
        }
        if !hasSuccess, !inFlight.isEmpty {
            return "R9: a second batch in flight before the first success of epoch "
                + "\(batch.producerEpoch)"
        }
        if let place = entries.firstIndex(where: { $0.batch.baseSequence == batch.baseSequence }) {
            return resend(batch, at: place, sent)
        }
        guard let last else {
            begin(batch)
            return nil
        }
        guard batch.baseSequence == last.nextSequence else {
            return "R3: \(batch) is neither sent again nor the next one"
        }
        return add(batch, sent, limit: limit)
    }

    private mutating func forgetEpoch() {
        entries.removeAll(keepingCapacity: true)
        hasSuccess = false
        last = nil
    }

    private mutating func begin(_ batch: ProducerStates.Batch) {
        entries.append(Entry(batch: batch))
        last = batch
    }

    private mutating func resend(
        _ batch: ProducerStates.Batch,
        at place: Int,
        _ sent: Sent
    ) -> String? {
        let entry = entries[place]
        if entry.isAcknowledged { return "R4: \(batch) is sent again after its success" }
        if let since = entry.ambiguousSince,
            since.duration(to: sent.decidedAt.instant) > .seconds(3600)
        {
            return "R10: \(batch) is sent again more than an hour after it may have been appended"
        }
        split(batch, at: place)
        return nil
    }

    /// The first half of a split has the number of the whole; the rest is expected behind it.
    private mutating func split(_ half: ProducerStates.Batch, at place: Int) {
        let whole = entries[place].batch
        entries[place].batch = half
        guard half.recordCount < whole.recordCount else { return }
        var rest = whole
        rest.baseSequence = half.nextSequence
        rest.recordCount = whole.recordCount - half.recordCount
        entries.insert(Entry(batch: rest), at: place + 1)
    }

    private mutating func add(
        _ batch: ProducerStates.Batch,
        _ sent: Sent,
        limit: Int
    ) -> String? {
        let isIdle = entries.isEmpty && inFlight.isEmpty && hasSuccess
        let pause = lastSuccess.duration(to: sent.decidedAt.instant)
        if isIdle, sent.lastLoss < lastSuccess, pause >= .seconds(60), batch.producerEpoch < .max,
            batch.baseSequence > 0
        {
            return "R9: \(batch) goes on after \(pause) without anything unresolved"
        }
        begin(batch)
        if entries.count > limit { return "section 8.9: \(entries.count) unresolved batches" }
        return nil
    }

    // MARK: The client reads

    /// Takes what the client was told of the oldest batch that it sent on a link.
    ///
    /// `code` is `nil` if it is not told: the connection broke, or the answer left it out.
    mutating func didLearn(_ code: ErrorCode?, link: Int, now: DialogueTime) {
        guard let place = inFlight.firstIndex(where: { $0.link == link }) else { return }
        let sent = inFlight.remove(at: place)
        if inFlight.isEmpty { mutedAt = nil }
        if code == ErrorCode.none || code == .duplicateSequenceNumber {
            didSucceed(sent, now: now)
            return
        }
        errorAt = now
        mutedAt = inFlight.isEmpty ? nil : mutedAt ?? now
        guard let batch = sent.identity, let entry = self.place(of: batch) else { return }
        entries[entry].isOutOfOrder = code == .outOfOrderSequenceNumber
        if code?.appendStatus != .notAppended, entries[entry].ambiguousSince == nil {
            entries[entry].ambiguousSince = now.instant
        }
        removeAcknowledged()
    }

    private func place(of batch: ProducerStates.Batch) -> Int? {
        guard let last, batch.isOfEpoch(last) else { return nil }
        return entries.firstIndex { $0.batch == batch }
    }

    private mutating func didSucceed(_ sent: Sent, now: DialogueTime) {
        lastSuccess = now.instant
        guard let batch = sent.identity else {
            errorAt = nil
            return
        }
        guard let place = self.place(of: batch) else { return }
        hasSuccess = true
        entries[place].isAcknowledged = true
        removeAcknowledged()
    }

    /// A later success acknowledges what may be in the log and was out of order: a restarted broker
    /// does not remember it.
    private mutating func removeAcknowledged() {
        guard let last = entries.lastIndex(where: { $0.isAcknowledged }) else { return }
        for place in 0..<last
        where entries[place].isOutOfOrder && entries[place].ambiguousSince != nil {
            entries[place].isAcknowledged = true
        }
        while let first = entries.first, first.isAcknowledged {
            entries.removeFirst()
            errorAt = nil
        }
    }
}

/// A moment of a dialogue: several things happen at one instant, one after the other.
struct DialogueTime: Comparable {
    /// The instant.
    var instant: Instant
    /// Counts what happened.
    var order: Int

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.order < rhs.order }
}

extension ProducerStates.Batch {
    /// Whether the other batch has the same producer id and epoch.
    fileprivate func isOfEpoch(_ other: Self) -> Bool {
        producerID == other.producerID && producerEpoch == other.producerEpoch
    }

    /// The sequence that follows this batch's last one: after 2147483647 comes 0.
    fileprivate var nextSequence: Int32 { lastSequence == .max ? 0 : lastSequence + 1 }
}
