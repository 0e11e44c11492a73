/// The identity of a topic, which a topic that was deleted and created again does not keep.
///
/// It is a UUID (KIP-516), held as its two halves in network order.
package struct TopicID: Hashable, Sendable {
    /// The identity that means there is none: the broker is too old to have topic ids.
    package static let zero = TopicID(high: 0, low: 0)

    /// The first eight bytes.
    package let high: UInt64

    /// The last eight bytes.
    package let low: UInt64

    /// Creates an identity from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension TopicID: CustomStringConvertible {
    /// The identity as Kafka's own tools print it: 22 digits of base64 for URLs (RFC 4648).
    package var description: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var digits = ""
        // 128 bits are 21 digits of six bits and one whose lowest four bits are padding.
        for digit in 0..<22 {
            let lowestBit = 128 - 6 * (digit + 1)
            let six = lowestBit < 0 ? bits(from: 0) << 4 : bits(from: lowestBit)
            digits.append(alphabet[Int(six & 63)])
        }
        return digits
    }

    /// The bits of the number the sixteen bytes form, shifted right by `lowestBit`.
    private func bits(from lowestBit: Int) -> UInt64 {
        guard lowestBit < 64 else { return high >> UInt64(lowestBit - 64) }
        return low >> UInt64(lowestBit) | high << (64 - UInt64(lowestBit))
    }
}
