import Glibc
import KafkaProtocol
import Testing

extension IntegrationTests {
    /// The cluster that librdkafka keeps for its own tests; kcat starts one.
    @Suite("librdkafka's mock cluster")
    struct MockClusterTests {
        @Test("takes what kpipe sends, and gives it back", arguments: CompressionCodec.builtIn)
        func roundTrip(_ codec: CompressionCodec) throws {
            let errors = TemporaryFile()
            // It serves as long as its kcat waits for something to send.
            let mock = ChildProcess(
                [
                    "sh", "-c",
                    "exec kcat -P -b mock -X test.mock.num.brokers=3 -t unused 2>\(errors.path)",
                ],
                input: .pipe
            )
            let brokers = try #require(address(in: errors))
            let lines = IntegrationTests.lines(20_000)
            let kpipe = Kpipe.start(
                ["-b", brokers, "-t", "mocked", "-p", "0", "-z", codec.name],
                input: .pipe
            )
            kpipe.write(IntegrationTests.text(lines))
            let outcome = kpipe.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
            let reader = ChildProcess(["kcat", "-C", "-b", brokers, "-t", "mocked", "-e", "-q"])
            #expect(
                String(decoding: reader.finish().output, as: UTF8.self)
                    == IntegrationTests.text(lines)
            )
            _ = mock.finish()
        }

        /// The addresses that kcat says its cluster has, as soon as it says so.
        private func address(in file: TemporaryFile) -> String? {
            for _ in 0..<100 {
                let text = String(decoding: file.contents, as: UTF8.self)
                if let said = text.split(separator: "replaced with ").dropFirst().first {
                    return said.split(whereSeparator: \.isNewline).first.map(String.init)
                }
                usleep(100_000)
            }
            return nil
        }
    }
}
