import EventLoop
import Testing

@MainActor
@Suite("The resolver", .timeLimit(.minutes(5)))
struct ResolverTests {
    @Test(
        "takes numeric addresses as they are",
        arguments: [("127.0.0.1", "127.0.0.1:9092"), ("::1", "[::1]:9092")]
    )
    func numeric(host: String, description: String) async throws {
        let addresses = try await resolve(host, 9092).get()
        #expect(addresses.map(\.description) == [description])
    }

    @Test("finds this machine, each address once")
    func localhost() async throws {
        let addresses = try await resolve("localhost", 65_535).get()
        #expect(addresses.contains { $0.description == "127.0.0.1:65535" })
        #expect(Set(addresses).count == addresses.count)
    }

    @Test("says in words why there is no address")
    func failure() async {
        // No name server is asked for a name this long.
        let result = await resolve(String(repeating: "x", count: 300), 1)
        let failure = #expect(throws: Resolver.Failure.self) { try result.get() }
        #expect(failure?.text == "Name or service not known")
    }
}
