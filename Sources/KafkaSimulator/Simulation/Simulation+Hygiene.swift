import KafkaProducer

/// What a correct client never does on a connection (I15), seen from the network.
extension Simulation {
    /// Follows the requests that the client writes.
    mutating func checkWritten(_ bytes: [UInt8], on link: Int) {
        var at = 0
        while at < bytes.count {
            if links[link].unwrittenCount == 0 {
                if links[link].head.isEmpty {
                    checkSilence(on: link)
                    links[link].queuedSince.append(links[link].emptySince)
                }
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
        if now < links[link].silentUntil, !links[link].isFlushing {
            report("I15: a request during a throttle that lasts to \(links[link].silentUntil)")
        }
    }

    private mutating func didBeginRequest(on link: Int) {
        let head = links[link].head
        links[link].head.removeAll(keepingCapacity: true)
        let size = Self.size(of: head)
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

    /// Connects are made with back-offs, whatever happens (D13): of each address, twenty within a
    /// second at most, since they begin at 50 ms.
    mutating func checkConnects() {
        let isOld = connectStorm.since.duration(to: now) >= .seconds(1)
        connectStorm = isOld ? (now, 1) : (connectStorm.since, connectStorm.count + 1)
        let most = 25 * (cluster.brokers.count + producer.configuration.bootstrap.count)
        if connectStorm.count > most {
            report("I11: \(connectStorm.count) connects within a second")
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
                links[link].unreadCount = Self.size(of: links[link].answerHead)
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
        let leaders = links[link].namedLeaders.removeFirst()
        if isTracing, !leaders.isEmpty {
            let list = leaders.map { "\($0.topic)-\($0.partition): \($0.broker)/\($0.epoch)" }
            note("an answer on link \(link) names leaders: \(list.joined(separator: ", "))")
        }
        leaderChecker.didRead(leaders, now: now)
        let silence = links[link].silences.removeFirst()
        if silence > .zero {
            links[link].isFlushing = producer.wantsWrite(links[link].id)
            links[link].silentUntil = max(links[link].silentUntil, now.advanced(by: silence))
        }
    }
}
