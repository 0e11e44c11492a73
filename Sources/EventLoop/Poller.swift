import CLinux
import Dispatch

/// Every pipe, terminal and socket that can be waited for, in one epoll descriptor of our own.
///
/// That descriptor alone is a Dispatch source, on the main queue, and it is never cancelled: a
/// source for each descriptor is not safe on Linux (a use after free at a hang-up, registrations
/// lost when a number is reused; swift-corelibs-libdispatch #949, #833). So a poller lives as long
/// as the process.
///
/// Readiness is level-triggered: what is not acted upon is reported again. A hang-up is reported
/// whatever the interest, for as long as the descriptor is in the epoll; so an empty interest
/// takes it out (`EPOLL_CTL_DEL`). That is the arm of a `select` whose channel is `nil`.
///
/// Its contract: `add` → (`setInterest` as often as needed) → `remove`, then close the descriptor.
/// Handlers note facts; decisions wait for the ``turn``, which comes after all of them.
package final class Poller {
    /// What a descriptor is waited for, and what was reported of it.
    package nonisolated struct Events: OptionSet, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// There is something to read, or the end.
        package static let readable = Events(rawValue: EPOLLIN.rawValue)
        /// There is room to write.
        package static let writable = Events(rawValue: EPOLLOUT.rawValue)
        /// Never asked for, always reported.
        package static let hangUp = Events(rawValue: EPOLLHUP.rawValue)
        /// Never asked for, always reported.
        package static let error = Events(rawValue: EPOLLERR.rawValue)
    }

    /// A descriptor's place in the poller.
    ///
    /// The generation tells it from earlier owners of the place, so that an event that was
    /// collected for one of them is never delivered to this one.
    package nonisolated struct Token: Hashable, Sendable {
        fileprivate var index: UInt32
        fileprivate var generation: UInt32

        fileprivate var packed: UInt64 { UInt64(generation) << 32 | UInt64(index) }

        fileprivate init(index: UInt32, generation: UInt32) {
            self.index = index
            self.generation = generation
        }

        fileprivate init(packed: UInt64) {
            self.init(
                index: UInt32(truncatingIfNeeded: packed),
                generation: UInt32(truncatingIfNeeded: packed >> 32)
            )
        }
    }

    private struct Place {
        var generation: UInt32 = 0
        var descriptor: Int32 = -1
        var interest: Events = []
        var handler: ((Events) -> Void)?
    }

    /// Runs after the events of a wake-up have been delivered.
    package var turn: () -> Void = {}

    /// How many times everything that was ready has been collected.
    ///
    /// A descriptor that is waited for, and of which nothing was reported since an earlier count,
    /// was not ready when it became this one.
    package private(set) var pollCount: UInt64 = 0

    /// The token of the bell, which no place has: to be woken is all it is for.
    private static let bellToken = UInt64.max

    private let descriptor: Int32
    private let bell: Int32
    private let source: any DispatchSourceRead
    private var places: [Place] = []
    private var freePlaces: [UInt32] = []
    private var events = [linux_poll_event](repeating: linux_poll_event(), count: 64)
    private var isDelivering = false

    /// Creates a poller with nothing in it, and begins to listen.
    ///
    /// - Throws: What the system said: it has no descriptor left.
    package init() throws(Errno) {
        descriptor = try Syscalls.makePoll()
        do {
            bell = try Syscalls.makeBell()
        } catch {
            Syscalls.close(descriptor)
            throw error
        }
        do {
            try Syscalls.addBell(bell, to: descriptor, token: Self.bellToken)
        } catch {
            Syscalls.close(bell)
            Syscalls.close(descriptor)
            throw error
        }
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        // `self` is held on purpose: see above.
        source.setEventHandler { [self] in
            MainActor.assumeIsolated {
                poll()
                turn()
            }
        }
        source.activate()
    }

    /// Waits for a descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: Stays open until ``remove(_:)``.
    ///   - interest: What to wait for; empty for nothing yet, in which case nothing can be refused.
    ///   - handler: Is told what was reported; it may call everything here but ``poll()``.
    /// - Returns: What to name it by from now on.
    /// - Throws: `EPERM` for what epoll refuses, because it is always ready (a regular file,
    ///   `/dev/null`, a directory); `EBADF` for what is not open.
    package func add(
        _ descriptor: Int32,
        _ interest: Events,
        _ handler: @escaping (Events) -> Void
    ) throws(Errno) -> Token {
        let index = freePlaces.popLast() ?? UInt32(places.count)
        if index == places.count { places.append(Place()) }
        places[Int(index)].descriptor = descriptor
        places[Int(index)].handler = handler
        let token = Token(index: index, generation: places[Int(index)].generation)
        do {
            try setInterest(of: token, interest)
        } catch {
            remove(token)
            throw error
        }
        return token
    }

    /// Changes what a descriptor is waited for; nothing takes it out until it is wanted again.
    ///
    /// - Throws: What epoll said, in which case nothing changed.
    package func setInterest(of token: Token, _ interest: Events) throws(Errno) {
        precondition(isCurrent(token), "This descriptor was removed.")
        let place = places[Int(token.index)]
        guard interest != place.interest else { return }
        let operation =
            switch (place.interest.isEmpty, interest.isEmpty) {
            case (_, true): EPOLL_CTL_DEL
            case (true, false): EPOLL_CTL_ADD
            case (false, false): EPOLL_CTL_MOD
            }
        try Syscalls.controlPoll(
            descriptor,
            operation,
            place.descriptor,
            events: interest.rawValue,
            token: token.packed
        )
        places[Int(token.index)].interest = interest
    }

    /// Forgets a descriptor: nothing more is delivered, not even what was collected before.
    package func remove(_ token: Token) {
        precondition(isCurrent(token), "A descriptor is removed once.")
        // It cannot fail for what is in the epoll; and if it did, the generation guards us.
        try? setInterest(of: token, [])
        places[Int(token.index)] = Place(generation: token.generation &+ 1)
        freePlaces.append(token.index)
    }

    /// Delivers what is ready, without a ``turn``.
    ///
    /// For within a turn, so that a busy loop need not go back to Dispatch for each portion.
    ///
    /// - Parameter milliseconds: How long to wait if nothing is ready, -1 for as long as it takes.
    ///   Nothing else on the main queue runs meanwhile, so work for it (``MainQueue``) ends the
    ///   wait; and so does a signal.
    /// - Returns: Whether anything was delivered.
    @discardableResult
    package func poll(waiting milliseconds: Int32 = 0) -> Bool {
        precondition(!isDelivering, "A handler does not poll.")
        isDelivering = true
        defer { isDelivering = false }
        // A failure would be a bug of ours (EBADF, EINVAL); but it may be injected, and then the
        // level-triggered events come again.
        guard let count = try? takeReady(waiting: milliseconds) else { return false }
        var didDeliver = false
        for event in events[..<count] {
            let token = Token(packed: event.token)
            guard isCurrent(token) else { continue }
            places[Int(token.index)].handler?(Events(rawValue: event.events))
            didDeliver = true
        }
        if count < events.count { pollCount += 1 }
        return didDeliver
    }

    private func takeReady(waiting milliseconds: Int32) throws(Errno) -> Int {
        guard milliseconds != 0 else { return try Syscalls.takeReady(descriptor, into: &events) }
        let mayWait = MainQueue.hangOut(bell)
        defer { MainQueue.takeIn() }
        let wait = mayWait ? milliseconds : 0
        return try Syscalls.takeReady(descriptor, into: &events, waiting: wait)
    }

    private func isCurrent(_ token: Token) -> Bool {
        Int(token.index) < places.count
            && places[Int(token.index)].generation == token.generation
            && places[Int(token.index)].handler != nil
    }
}
