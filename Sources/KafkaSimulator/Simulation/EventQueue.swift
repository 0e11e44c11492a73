import KafkaProducer

/// What is going to happen, soonest first: a binary heap of places in a table.
struct EventQueue {
    /// When an event happens, and where it is: without references, so that a heap moves it cheaply.
    private struct Entry {
        let at: Instant
        /// Orders what happens at the same time as it was foreseen.
        let order: Int
        let place: Int

        func isBefore(_ other: Self) -> Bool { (at, order) < (other.at, other.order) }
    }

    private var heap: [Entry] = []
    private var events: [PendingEvent?] = []
    private var freePlaces: [Int] = []
    private var nextOrder = 0

    /// When the next thing happens, or `nil` if nothing will.
    var nextInstant: Instant? { heap.first?.at }

    mutating func add(_ event: PendingEvent, at instant: Instant) {
        let place = freePlaces.popLast() ?? events.count
        if place == events.count { events.append(event) } else { events[place] = event }
        heap.append(Entry(at: instant, order: nextOrder, place: place))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next thing if its time has come.
    mutating func poll(now: Instant) -> PendingEvent? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        defer {
            events[first.place] = nil
            freePlaces.append(first.place)
        }
        return events[first.place]
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2
            where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
