/// Finds what somebody meant who typed a name that does not exist.
nonisolated package enum Spelling {
    /// Finds the name nearest to what was typed.
    ///
    /// Near is what a third of its letters, and at least three, would change into it: enough for
    /// `lingerms` and `linger`, too little for another word.
    ///
    /// - Parameters:
    ///   - typed: What was typed.
    ///   - names: The names there are. Of several that are equally near the first is taken.
    /// - Returns: The name, or `nil` if none is near.
    /// - Complexity: O(n * m) for each name.
    package static func nearest(to typed: String, among names: [String]) -> String? {
        guard !typed.isEmpty, typed.utf8.count <= 100 else { return nil }
        let lowercased = Array(typed.lowercased().utf8)
        let limit = max(3, lowercased.count / 3)
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = Self.distance(lowercased, Array(name.utf8))
            if distance <= limit, distance < name.utf8.count, distance < best?.distance ?? .max {
                best = (name, distance)
            }
        }
        return best?.name
    }

    /// How many bytes must be put in, taken out or replaced to make one name of the other.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for (index, byte) in first.enumerated() {
            var diagonal = index
            row[0] = index + 1
            for (column, other) in second.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }
}
