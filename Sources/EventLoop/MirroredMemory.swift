import Glibc

/// Memory that is mapped twice, side by side, so that what runs over its end goes on at its front.
///
///     addresses:  | 0 ............ capacity | 0 ............ capacity |
///     window:               ^ one pointer, contiguous ^
///
/// Owned by reference: a read or write under way off the loop keeps it mapped.
@safe
nonisolated final class MirroredMemory: @unchecked Sendable {
    // Unchecked because the addresses never change, and what may be written where at a time is
    // decided by `InputRing` alone.

    /// How many bytes there are; each has two addresses.
    let capacity: Int

    private let base: UnsafeMutableRawPointer

    /// Maps at least `capacity` bytes, whole pages.
    ///
    /// - Throws: What the system said: without address space, file descriptors or memory.
    init(capacity: Int) throws(Errno) {
        precondition(capacity > 0)
        let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
        self.capacity = (capacity + pageSize - 1) / pageSize * pageSize
        let file = try Syscalls.makeMemoryFile(size: self.capacity)
        defer { Syscalls.close(file) }
        unsafe base = try Syscalls.reserveAddresses(size: 2 * self.capacity)
        do {
            unsafe try Syscalls.map(file, size: self.capacity, at: base)
            unsafe try Syscalls.map(file, size: self.capacity, at: base + self.capacity)
        } catch {
            // The object is not whole, so `deinit` does not run.
            unsafe Syscalls.unmap(base, size: 2 * self.capacity)
            throw error
        }
    }

    deinit {
        unsafe Syscalls.unmap(base, size: 2 * capacity)
    }

    /// The bytes of a window that begins below the capacity and is no longer than it.
    func window(at index: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        precondition(index >= 0 && index < capacity)
        precondition(count >= 0 && count <= capacity)
        return unsafe UnsafeMutableRawBufferPointer(start: base + index, count: count)
    }
}
