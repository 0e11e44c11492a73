internal import KafkaProtocol

extension Producer {
    /// Sends what every broker's send arm is enabled for, until none is.
    mutating func flush(now: Instant) {
        for broker in brokers.indices {
            refreshAggregates(of: broker, now: now)
            while let trigger = flushTrigger(of: broker, now: now) {
                let closed = closeBatches(of: broker, trigger, now: now)
                let sent = sendRequest(to: broker, because: trigger, now: now)
                precondition(
                    sent || closed,
                    "A trigger (\(trigger)) without a batch would spin the loop."
                )
                refreshAggregates(of: broker, now: now)
            }
        }
    }

    /// Why a broker's send arm is enabled, asked in place: out of the array it would be copied.
    private func flushTrigger(of broker: Int, now: Instant) -> FlushTrigger? {
        let circumstances = circumstances(of: broker, now: now)
        return brokers.span[broker].flushTrigger(circumstances)
    }

    /// What a broker's readiness depends on besides its batches.
    func circumstances(of broker: Int, now: Instant) -> BrokerProducer.Circumstances {
        let index = brokers[broker].connection
        let isWritten = connections[index].outbound.isEmpty
        let produceCount = connections[index].inFlight.count { $0.isProduce }
        let limit = mutates(.allowsEightUnresolved) ? 8 : configuration.maxInFlightRequests
        return BrokerProducer.Circumstances(
            now: now,
            linger: mutates(.neverLingers) ? .seconds(1 << 20) : configuration.linger,
            // Bytes that the kernel has not taken would only wait in another place: batches that
            // stay open meanwhile get larger.
            canSend: acceptsRequests(on: index, now: now) && isWritten && produceCount < limit,
            fullRequest: fullRequest,
            compressedRequest: configuration.batchLimit / 2,
            nothingInFlight: produceCount == 0,
            inputIsIdle: inputIsIdle && configuration.flushesWhenInputIsIdle,
            memoryIsShort: memoryIsShort,
            isDraining: isDraining || isStopped
        )
    }

    /// From how many bytes on a broker's batches together are a full request.
    ///
    /// Three quarters, so that they fit with what one more read brings. With a codec it is `nil`:
    /// larger batches are worth the wait there.
    private var fullRequest: Int? {
        configuration.compresses ? nil : configuration.maxRequestSize / 4 * 3
    }

    /// Whether a new request can be sent on a connection now.
    ///
    /// Field by field: a connection taken out of the array counts references to all it has.
    func acceptsRequests(on index: Int, now: Instant) -> Bool {
        guard connections[index].state == .ready else { return false }
        guard let throttledUntil = connections[index].throttledUntil else { return true }
        return throttledUntil <= now
    }

    /// Recounts what a broker's readiness is decided by, if anything changed.
    mutating func refreshAggregates(of broker: Int, now: Instant) {
        guard brokers[broker].isStale || mayHaveFullRequest(broker) else { return }
        brokers[broker].oldestAppend = nil
        brokers[broker].compressingCount = 0
        brokers[broker].ready = BrokerProducer.ReadyBatches(countedAt: appendedByteCount)
        var kept = 0
        for place in brokers[broker].active.indices {
            let partition = Int(brokers[broker].active[place])
            guard queues[partition].leader == broker, !queues[partition].isEmpty else {
                if queues[partition].leader == broker { queues[partition].isListed = false }
                continue
            }
            brokers[broker].active[kept] = Int32(partition)
            kept += 1
            guard let batch = nextBatch(of: partition, now: now) else { continue }
            let isOpen = batch == queues[partition].open
            // A closed batch that is not compressed yet is nobody's to send.
            guard isOpen || isReady(batch) else {
                brokers[broker].compressingCount += 1
                continue
            }
            brokers[broker].count(memory[batch], isOpen: isOpen)
        }
        brokers[broker].active.removeLast(brokers[broker].active.count - kept)
        brokers[broker].isStale = false
    }

    /// Counts a batch that has just been opened, if it is its partition's turn.
    ///
    /// - Precondition: What the broker's readiness is decided by was up to date before.
    mutating func countOpenBatch(of partition: Int, on broker: Int, now: Instant) {
        let open = queues[partition].open
        guard nextBatch(of: partition, now: now) == open else { return }
        brokers[broker].count(memory[open], isOpen: true)
    }

    /// Counts a batch that has just been compressed, if it is its partition's turn.
    ///
    /// One that ended with that is not counted: its end made its broker's readiness out of date.
    ///
    /// By itself: for each of a thousand to look at all of them again took most of the time.
    mutating func countCompressedBatch(_ batch: Int32, of partition: Int, now: Instant) {
        // A back-off may be over that was not when the others were counted.
        guard queues[partition].retryAt == nil else { return markStale(partition) }
        guard let broker = queues[partition].leader, !brokers[broker].isStale,
            nextBatch(of: partition, now: now) == batch
        else { return }
        assert(brokers[broker].compressingCount > 0)
        brokers[broker].compressingCount -= 1
        brokers[broker].count(memory[batch], isOpen: false)
    }

    /// Whether what was appended since a broker's batches were counted may make them a full
    /// request, so that they have to be counted again.
    private func mayHaveFullRequest(_ broker: Int) -> Bool {
        guard let fullRequest else { return false }
        let ready = brokers[broker].ready
        // What is one already waits for the connection.
        guard !ready.makeFullRequest(of: fullRequest) else { return false }
        let appended = appendedByteCount - ready.countedAt
        return ready.makeFullRequest(of: fullRequest, with: appended)
    }

    /// Builds one request of the oldest batch of every partition that may send, up to
    /// `max.request.size`.
    ///
    /// - Returns: Whether there was any.
    private mutating func sendRequest(
        to broker: Int,
        because trigger: FlushTrigger,
        now: Instant
    ) -> Bool {
        let chosen = chooseBatches(for: broker, now: now)
        guard let first = chosen.first else { return false }
        report.flushes.count(configuration.compresses ? memory[first].closedBy : trigger)
        let index = brokers[broker].connection
        for (place, batch) in chosen.enumerated() {
            memory[batch].nextInRequest = place + 1 < chosen.count ? chosen[place + 1] : noBatch
            didQueue(batch, on: index)
        }
        brokers[broker].isStale = true
        queueProduceRequest(chosen, first: first, on: index, now: now)
        return true
    }

    private mutating func chooseBatches(for broker: Int, now: Instant) -> [Int32] {
        let count = brokers[broker].active.count
        var chosen: [Int32] = []
        var byteCount = 0
        let start = brokers[broker].rotation
        for step in 0..<count {
            let partition = Int(brokers[broker].active[(start + step) % count])
            guard let batch = sendableBatch(of: partition, now: now) else { continue }
            let size = memory[batch].byteCount
            if !chosen.isEmpty, byteCount + size > configuration.maxRequestSize { continue }
            prepare(batch, of: partition, now: now)
            chosen.append(batch)
            byteCount += memory[batch].byteCount
            brokers[broker].rotation = (start + step + 1) % count
        }
        if topics.count > 1 {
            chosen.sort {
                topicAndPartition(of: $0) < topicAndPartition(of: $1)
            }
        }
        return chosen
    }

    private func topicAndPartition(of batch: Int32) -> (Int32, Int32) {
        (queues[Int(memory[batch].partition)].topic, memory[batch].partition)
    }

    private mutating func didQueue(_ batch: Int32, on connection: Int) {
        let partition = Int(memory[batch].partition)
        memory[batch].isInFlight = true
        memory[batch].attempts += 1
        queues[partition].inFlightCount += 1
        queues[partition].inFlightConnection = connection
        if queues[partition].nextToSend == batch {
            queues[partition].nextToSend = memory[batch].next
        }
    }

    private mutating func queueProduceRequest(
        _ chosen: [Int32],
        first: Int32,
        on index: Int,
        now: Instant
    ) {
        var request = ProduceRequest(
            acks: configuration.acks.rawValue,
            timeoutMilliseconds: produceTimeout,
            topics: []
        )
        var topic: Int32 = -1
        for batch in chosen {
            let index = Int(memory[batch].partition)
            let partition = ProduceRequest.Partition(
                index: queues[index].number,
                batchByteCount: memory[batch].byteCount
            )
            // Batches of a topic stand together.
            if queues[index].topic != topic {
                topic = queues[index].topic
                let name = topics[Int(topic)].name
                let id = topics[Int(topic)].id
                request.topics.append(ProduceRequest.Topic(name: name, id: id, partitions: []))
            }
            request.topics[request.topics.count - 1].partitions.append(partition)
        }
        let version = produceVersion(on: index, of: request)
        let correlationID = nextCorrelationID(on: index)
        let (bytes, cuts) = request.encode(
            version: version,
            correlationID: correlationID,
            clientID: configuration.clientID
        )
        let start = scratch.append(bytes, for: index)
        var done = 0
        var total = bytes.count
        for (cut, batch) in zip(cuts, chosen) {
            queueScratch(start + done, cut - done, on: index)
            memory.forEachPiece(of: batch) { offset, count in
                connections[index].outbound.append(
                    .init(isScratch: false, offset: offset, count: count)
                )
            }
            total += memory[batch].byteCount
            done = cut
        }
        queueScratch(start + done, bytes.count - done, on: index)
        tell(.protocol) {
            "Produce v\(version) #\(correlationID) to \($0.connections[index].address), "
                + "\(chosen.count) batches, \(total) bytes"
        }
        connections[index].inFlight.append(
            InFlightRequest(
                correlationID: correlationID,
                api: .produce,
                version: version,
                deadline: now.advanced(by: requestTimeout),
                firstBatch: first,
                unsentByteCount: total,
                expectsAnswer: configuration.acks != .none
            )
        )
        connections[index].lastActivity = now
    }

    private mutating func queueScratch(_ offset: Int, _ count: Int, on index: Int) {
        connections[index].outbound.append(.init(isScratch: true, offset: offset, count: count))
    }

    /// The highest version both speak; 13 names topics by id, so each has to have one.
    private func produceVersion(on index: Int, of request: ProduceRequest) -> Int16 {
        // Field by field, as in ``acceptsRequests(on:now:)``.
        let spoken = connections[index].versions.highestVersion(of: .produce)
        let best = spoken ?? APIKey.produce.versions.lowerBound
        guard best >= 13 else { return best }
        return request.topics.contains { $0.id == .zero } ? 12 : best
    }
}
