import KafkaProducer
import KafkaSimulator

/// Carries out what ``Chaos`` draws.
extension SandboxServer {
    /// What a fault leaves to be done to the answer.
    private enum Ending {
        case whole
        case half
        case pieces
        case lost
    }

    /// Something that ends by itself.
    struct Recovery {
        enum Action {
            case revive(broker: Int32)
            case thaw(broker: Int32)
        }

        var due: Instant
        var action: Action
    }

    /// Answers a request, or lets something go wrong with it.
    func answerUnderChaos(_ frame: [UInt8], _ client: ClientSocket) {
        var ending = Ending.whole
        var delay = Duration.zero
        for (fault, batch) in drawFaults(frame) {
            chaos?.count(fault)
            switch fault {
            case .reset: return abort(client)
            case .close: return close(client)
            case .lostAnswer: ending = .lost
            case .halfAnswer: ending = .half
            case .splitAnswer: ending = .pieces
            case .delay: delay = .milliseconds(chance(below: chance(below: 10) == 0 ? 700 : 60))
            case .halfRequest: break
            case .refusal, .appendedRefusal, .fatalRefusal, .silence, .omission:
                order(fault, for: batch)
            case .leaderMove: moveLeader(of: batch)
            case .stateLoss: loseProducers(of: batch)
            case .staleMetadata: freezeMetadata(of: client.broker)
            case .throttle:
                let silence = Int32(1 + chance(below: 200))
                cluster.throttle(broker: client.broker, milliseconds: silence)
            case .outage: kill(client.broker)
            case .restart: cluster.restart(broker: client.broker)
            }
            closeWhatTheClusterClosed()
            // The broker went down, and the request with it.
            if !clients.contains(where: { $0 === client }) { return }
        }
        let now = self.now
        var reply = cluster.receive(frame, on: client.id, now: now)
        reply.delay += delay
        finish(reply, to: client, ending, now: now)
        client.halvesNextProduce = chaos?.halvesNextRequest() ?? false
    }

    /// Closes a connection after half of a request.
    func didHalve(_ client: ClientSocket) {
        chaos?.count(.halfRequest)
        close(client)
    }

    /// Does what has come due.
    func recover(now: Instant) {
        let due = recoveries.filter { $0.due <= now }
        recoveries.removeAll { $0.due <= now }
        for recovery in due {
            switch recovery.action {
            case .revive(let broker): try? obey(.revive(broker: broker))
            case .thaw(let broker): cluster.thawMetadata(of: broker)
            }
        }
    }

    private func chance(below bound: Int) -> Int { chaos?.below(bound) ?? 0 }

    private func drawFaults(_ frame: [UInt8]) -> [(ChaosFault, Chaos.Batch?)] {
        let batches = Chaos.batches(in: frame, of: cluster)
        if batches.isEmpty { return chaos?.drawForOtherRequest().map { [($0, nil)] } ?? [] }
        return batches.compactMap { batch in chaos?.drawForBatch().map { ($0, batch) } }
    }

    // MARK: Faults

    private func order(_ fault: ChaosFault, for batch: Chaos.Batch?) {
        guard let batch, let fault = chaos?.produceFault(for: fault) else { return }
        cluster.inject(fault, on: batch.topic, partition: batch.partition)
    }

    private func moveLeader(of batch: Chaos.Batch?) {
        let up = cluster.brokers.filter(\.isAvailable).map(\.id)
        guard let batch, let heir = chaos?.any(of: up) else { return }
        cluster.moveLeader(of: batch.topic, partition: batch.partition, to: heir)
    }

    private func loseProducers(of batch: Chaos.Batch?) {
        guard let batch else { return }
        cluster.loseProducerState(of: batch.topic, partition: batch.partition)
        Descriptor.error.writeAll("lost \(batch.topic) \(batch.partition)\n")
    }

    private func freezeMetadata(of broker: Int32) {
        cluster.freezeMetadata(of: broker)
        recoverLater(.thaw(broker: broker))
    }

    private func kill(_ broker: Int32) {
        try? obey(.kill(broker: broker, electsLeaders: chance(below: 2) == 0))
        recoverLater(.revive(broker: broker))
    }

    private func recoverLater(_ action: Recovery.Action) {
        let due = now.advanced(by: .milliseconds(20 + chance(below: 400)))
        recoveries.append(Recovery(due: due, action: action))
    }

    // MARK: Answers

    private func finish(
        _ reply: FakeReply,
        to client: ClientSocket,
        _ ending: Ending,
        now: Instant
    ) {
        guard case .response(let bytes) = reply.action else {
            return client.enqueue(reply, now: now)
        }
        var part = reply
        switch ending {
        case .whole: client.enqueue(reply, now: now)
        case .lost: chance(below: 2) == 0 ? abort(client) : close(client)
        case .half:
            part.action = .response(Array(bytes.prefix(1 + chance(below: bytes.count - 1))))
            client.enqueue(part, now: now)
            part.action = .close(reason: "half an answer")
            client.enqueue(part, now: now)
        case .pieces:
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + 1 + chance(below: 30))
                part.action = .response(Array(bytes[start..<end]))
                client.enqueue(part, now: now)
                start = end
                part.delay += .microseconds(500 + chance(below: 2000))
            }
        }
    }

    private func abort(_ client: ClientSocket) {
        client.descriptor.resetOnClose()
        close(client)
    }
}
