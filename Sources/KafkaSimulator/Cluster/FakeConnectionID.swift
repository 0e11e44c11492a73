/// A connection to a broker of the cluster.
///
/// The transport chooses the number and never uses it twice.
package struct FakeConnectionID: Hashable, Sendable {
    /// The transport's number.
    package let index: Int

    /// Names a connection.
    package init(index: Int) { self.index = index }
}
