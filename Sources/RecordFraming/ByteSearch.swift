import CByteSearch
import Glibc

/// Finds bytes with the C library's vectorised search, and lines with one of our own.
///
/// This is the one unsafe file of the target. It is sound because each pointer is taken from a
/// span, used and dropped within one call, and only after the bounds were compared with the span's.
@safe
enum ByteSearch {
    /// The index of the first `byte` at or after `start`, or `nil` if there is none before `end`.
    ///
    /// - Complexity: O(*n*) in the bytes searched, 32 or more of them in each step of `memchr`.
    @inline(__always)
    static func firstIndex(
        of byte: UInt8,
        in bytes: Span<UInt8>,
        from start: Int,
        to end: Int
    ) -> Int? {
        precondition(start >= 0)
        precondition(start <= end)
        precondition(end <= bytes.count)
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            guard let found = unsafe memchr(base + start, Int32(byte), end - start) else {
                return nil
            }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Notes where `byte` stands, again and again from `start` on: the loop that finds lines.
    ///
    /// It ends at the end of the bytes, or when `ends` has as many as it takes.
    @inline(__always)
    static func find(
        _ byte: UInt8,
        in bytes: Span<UInt8>,
        from start: Int,
        into ends: inout LineEnds
    ) {
        precondition(start >= 0)
        precondition(start <= bytes.count)
        let known = ends.count
        var places = ends.places
        precondition(places.count - known >= LineEnds.capacity)
        let found = unsafe places.withUnsafeMutableBufferPointer { places in
            unsafe bytes.withUnsafeBufferPointer { bytes -> Int in
                guard let base = bytes.baseAddress, let first = places.baseAddress else { return 0 }
                let room = places.count - known
                return unsafe byte_search_all(base, bytes.count, start, byte, first + known, room)
            }
        }
        ends.didFind(found)
    }

    /// The index of the first whole `pattern` at or after `start`, or `nil` if there is none that
    /// ends at or before `end`.
    ///
    /// - Complexity: O(*n*) for the patterns people delimit with; O(*n* *m*) at worst.
    static func firstIndex(
        of pattern: Span<UInt8>,
        in bytes: Span<UInt8>,
        from start: Int,
        to end: Int
    ) -> Int? {
        precondition(!pattern.isEmpty)
        if pattern.count == 1 { return firstIndex(of: pattern[0], in: bytes, from: start, to: end) }
        // Past this index a pattern does not fit.
        let bound = end - pattern.count + 1
        var candidate = start
        while candidate < bound {
            guard let found = firstIndex(of: pattern[0], in: bytes, from: candidate, to: bound)
            else { return nil }
            if matches(pattern, in: bytes, at: found) { return found }
            candidate = found + 1
        }
        return nil
    }

    private static func matches(
        _ pattern: Span<UInt8>,
        in bytes: Span<UInt8>,
        at index: Int
    ) -> Bool {
        precondition(index >= 0)
        precondition(pattern.count <= bytes.count - index)
        return unsafe pattern.withUnsafeBufferPointer { wanted in
            unsafe bytes.withUnsafeBufferPointer { present in
                guard let left = wanted.baseAddress, let right = present.baseAddress else {
                    return wanted.isEmpty
                }
                return unsafe memcmp(left, right + index, wanted.count) == 0
            }
        }
    }
}
