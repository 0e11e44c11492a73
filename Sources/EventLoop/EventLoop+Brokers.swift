internal import Glibc
internal import KafkaProducer

/// The producer's connections, and what else it wants done.
extension EventLoop {
    /// Does what the producer wants done.
    func performEvents(now: Instant) {
        while let event = producer.pollEvent() {
            switch event {
            case .connect(let id, let address): connect(id, to: address)
            case .close(let id): closeLink(id)
            case .notice(let notice): standardError.append { voice.notice(notice, &$0) }
            case .stopReading(let failure):
                standardError.append { voice.stopped(failure, &$0) }
                stopReading()
            case .finished: producerDidFinish = true
            }
        }
    }

    /// Writes what connections have to say, as far as their sockets take it.
    ///
    /// - Returns: Whether a connection has said all it had, so that the producer may have more.
    func transmit(now: Instant) -> Bool {
        var saidAll = false
        for link in links {
            guard let link else { continue }
            while link.canWrite, producer.wantsWrite(link.id) {
                let result = unsafe producer.withOutbound(of: link.id) { unsafe link.write($0) }
                switch result {
                case .count(let count):
                    producer.didTransmit(count, on: link.id, now: now)
                    if !producer.wantsWrite(link.id) { saidAll = true }
                case .wouldBlock: break
                case .end: didLose(link.id, "the connection was closed")
                case .failed(let error): didLose(link.id, error.text)
                }
            }
        }
        return saidAll
    }

    private func connect(_ id: ConnectionID, to address: BrokerAddress) {
        while links.count <= id.index { links.append(nil) }
        links[id.index]?.close()
        let wake = { [self] in self.wake() }
        say { .connecting(to: address) }
        links[id.index] = BrokerLink(id, to: address, poller: poller, wake: wake) { [self] fact in
            if case .connected = fact { say { .connected(to: address) } }
            didHappen(fact, on: id)
        }
    }

    private func closeLink(_ id: ConnectionID) {
        guard id.index < links.count, let link = links[id.index], link.id == id else { return }
        link.close()
        links[id.index] = nil
    }

    /// Says what is done, to who wants to know (`-v`).
    func say(_ notice: () -> Notice) {
        guard configuration.isVerbose else { return }
        let notice = notice()
        standardError.append { voice.notice(notice, &$0) }
    }

    /// Notes a fact; the turn that follows decides.
    private func didHappen(_ fact: BrokerLink.Fact, on id: ConnectionID) {
        switch fact {
        case .connected: producer.didConnect(id, now: SystemClock.now)
        case .closed(let why): didLose(id, why.message)
        case .readable: receive(on: id)
        }
    }

    private func didLose(_ id: ConnectionID, _ message: String) {
        closeLink(id)
        producer.didClose(id, DisconnectReason(message), now: SystemClock.now)
    }

    private func receive(on id: ConnectionID) {
        guard id.index < links.count, let link = links[id.index], link.id == id else { return }
        switch unsafe link.read(into: answers.bytes) {
        case .count(let count):
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: answers.bytes[..<count])
            let span = unsafe bytes.bindMemory(to: UInt8.self).span
            producer.didReceive(span, on: id, now: SystemClock.now)
        case .wouldBlock: break
        case .end: didLose(id, "the broker closed the connection")
        case .failed(let error): didLose(id, error.text)
        }
    }
}
