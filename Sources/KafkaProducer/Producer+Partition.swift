extension Producer {
    /// Chooses the partition of a record, moving the sticky partition on when that is due.
    ///
    /// - Throws: ``AppendError/noSuchPartition(_:partitionCount:)``.
    mutating func choosePartition(
        of topic: Int,
        key: Span<UInt8>?
    ) throws(AppendError) -> Int {
        let count = routes[topic].partitionCount
        let first = routes[topic].firstPartition
        if let fixed = configuration.fixedPartition {
            guard fixed >= 0, fixed < count else {
                throw .noSuchPartition(fixed, partitionCount: count)
            }
            return first + Int(fixed)
        }
        let kind = configuration.partitioner
        if let key, let hash = hash(of: key) {
            return first + Partitioner.partition(ofHash: hash, kind, count: count)
        }
        switch kind {
        case .roundRobin:
            let next = routes[topic].nextRoundRobin
            routes[topic].nextRoundRobin = (next + 1) % count
            return first + next
        case .random where key != nil:
            return first + random.below(count)
        case .random, .murmur2, .crc32, .fnv1a:
            return first + stickyPartition(of: topic)
        }
    }

    /// The hash that places a key, or `nil` if the partitioner does not place it.
    @inline(__always)
    func hash(of key: Span<UInt8>) -> UInt32? {
        let hash = Partitioner.hash(key, configuration.partitioner)
        if mutates(.misplacesKeyTails), key.count & 3 == 3 { return hash.map { $0 ^ 0x10000 } }
        return hash
    }

    private mutating func stickyPartition(of topic: Int) -> Int {
        let sticky = routes[topic].sticky
        if sticky.current >= 0, !sticky.isDue(configuration.batchSize) {
            return Int(sticky.current)
        }
        let next = anotherPartition(of: topic, than: sticky.current)
        routes[topic].sticky.move(to: Int32(next))
        return next
    }

    /// A random partition with a leader, other than one if there are two.
    private mutating func anotherPartition(of topic: Int, than current: Int32) -> Int {
        let route = routes[topic]
        let start = random.below(route.partitionCount)
        var fallback = start
        for step in 0..<route.partitionCount {
            let candidate = (start + step) % route.partitionCount
            let hasLeader = queues[route.firstPartition + candidate].leader != nil
            if hasLeader, Int32(candidate) != current { return candidate }
            if hasLeader { fallback = candidate }
        }
        return fallback
    }
}
