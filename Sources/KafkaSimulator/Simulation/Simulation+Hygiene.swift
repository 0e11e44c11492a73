import KafkaProducer

/// What a correct client never does on a connection (I15), seen from the network.
extension Simulation {
    /// Follows the requests that the client writes.
    mutating func checkWritten(_ bytes: [UInt8], on link: Int) {
        var at = 0
        while at < bytes.count {
            if links[link].unwrittenCount == 0 {
                if links[link].head.isEmpty { checkSilence(on: link) }
                // The size, the API and its version.
                let count = min(8 - links[link].head.count, bytes.count - at)
                links[link].head.append(contentsOf: bytes[at..<at + count])
                at += count
                if links[link].head.count == 8 { didBeginRequest(on: link) }
            } else {
                let count = min(links[link].unwrittenCount, bytes.count - at)
                links[link].unwrittenCount -= count
                at += count
            }
        }
    }

    private mutating func checkSilence(on link: Int) {
        if now < links[link].silentUntil {
            report("I15: a request during a throttle that lasts to \(links[link].silentUntil)")
        }
    }

    private mutating func didBeginRequest(on link: Int) {
        let head = links[link].head
        links[link].head.removeAll(keepingCapacity: true)
        let size = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        links[link].unwrittenCount = size - 4
        let isProduce = head[4] == 0 && head[5] == 0
        if isProduce, producer.configuration.acks == .none { return }
        links[link].awaited.append(isProduce)
        if head[4] == 0 && head[5] == 3 { checkStorm() }
        guard isProduce, !didCorrupt else { return }
        links[link].unansweredCount += 1
        if links[link].unansweredCount > producer.configuration.maxInFlightRequests {
            report("I15: \(links[link].unansweredCount) produce requests in flight")
        }
    }

    /// Metadata is asked for with back-offs, whatever happens (D13).
    private mutating func checkStorm() {
        let isOld = metadataStorm.since.duration(to: now) >= .seconds(1)
        metadataStorm = isOld ? (now, 1) : (metadataStorm.since, metadataStorm.count + 1)
        if metadataStorm.count > 30, producer.configuration.metadataMaxAge >= .seconds(1) {
            report("I11: \(metadataStorm.count) requests for metadata within a second")
        }
    }

    /// Follows the answers that the client reads.
    mutating func checkRead(_ bytes: [UInt8], on link: Int) {
        guard !didCorrupt else { return }
        var at = 0
        while at < bytes.count {
            if links[link].unreadCount == 0 {
                let count = min(4 - links[link].answerHead.count, bytes.count - at)
                links[link].answerHead.append(contentsOf: bytes[at..<at + count])
                at += count
                guard links[link].answerHead.count == 4 else { return }
                links[link].unreadCount = links[link].answerHead.reduce(0) { $0 << 8 | Int($1) }
                links[link].answerHead.removeAll(keepingCapacity: true)
            } else {
                let count = min(links[link].unreadCount, bytes.count - at)
                links[link].unreadCount -= count
                at += count
                if links[link].unreadCount == 0 { didReadAnswer(on: link) }
            }
        }
    }

    private mutating func didReadAnswer(on link: Int) {
        let isProduce = links[link].awaited.isEmpty ? false : links[link].awaited.removeFirst()
        if isProduce { links[link].unansweredCount -= 1 }
        let silence = links[link].silences.removeFirst()
        if silence > .zero {
            links[link].silentUntil = max(links[link].silentUntil, now.advanced(by: silence))
        }
    }
}
