/// Why a broker closes the connection instead of answering a request.
///
/// Only what a correct client never sends is refused so: each is a ``Violation``.
struct RequestRefusal: Error {
    var reason: String
}
