/// Things that wait to be taken, first come first served.
struct Backlog<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var takenCount = 0

    /// Puts something behind what waits already.
    mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes what waited longest, or returns `nil` if nothing waits.
    mutating func poll() -> Element? {
        guard takenCount < elements.count else { return nil }
        let element = elements[takenCount]
        takenCount += 1
        if takenCount == elements.count {
            elements.removeAll(keepingCapacity: true)
            takenCount = 0
        }
        return element
    }
}
