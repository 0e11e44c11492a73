import Dispatch
import Glibc
import Synchronization
import Testing

extension IntegrationTests {
    /// What becomes of records when brokers die or freeze, one at a time, and others take over.
    ///
    /// It runs where `KAFKA_BROKERS` says that the cluster has three brokers.
    @Suite("Three brokers", .enabled(if: Kafka.hasTool && Kafka.brokerCount >= 3))
    struct ThreeBrokersTests {
        private static let count = 1_000_000
        private let topic = Kafka.newTopic("three")

        @Test("killed and restarted in turn, and one frozen, cost none of a million records")
        func broken() throws {
            Kafka.tool(
                "topics",
                "--create",
                "--topic",
                topic,
                "--partitions",
                "6",
                "--replication-factor",
                "3",
                "--config",
                "min.insync.replicas=2"
            )
            let kpipe = Kpipe.start(
                ["-t", topic, "-K:", "-v", "-X", "request.timeout.ms=2000"],
                input: .pipe,
                seconds: 240
            )
            let isOver = Self.breakBrokers()
            Self.write(to: kpipe, until: isOver)
            let outcome = kpipe.finish()
            #expect(outcome.status == 0, "\(outcome.errors.suffix(2000))")
            #expect(outcome.errorLines(with: "record_failed").isEmpty)
            #expect(
                outcome.errorLines(with: "\"read\":\(Self.count),\"acked\":\(Self.count),").count
                    == 1
            )
            // Each broker was lost at least once, else nothing was proved.
            #expect(outcome.errorLines(with: "broker_lost").count >= 4)
            #expect(readBack() == "\(Self.count) 0 0 0 \(Self.count - 1)\n")
        }

        /// Something that one thread does and another waits for.
        private final class Flag: Sendable {
            private let value = Mutex(false)
            var isSet: Bool { value.withLock { $0 } }
            func set() { value.withLock { $0 = true } }
        }

        /// Kills each broker and restarts it, then stops one from running for a while.
        ///
        /// - Returns: What is set when all brokers are well again.
        private static func breakBrokers() -> Flag {
            let isOver = Flag()
            DispatchQueue(label: "faults").async {
                for node in ["1", "2", "3"] {
                    sleep(3)
                    Kafka.tool("kill", node)
                    // Some partitions have no leader until the session of the killed one ends,
                    // after 6 s; the restart, which takes about as long, falls in between.
                    sleep(4)
                    Kafka.tool("restart", node)
                }
                sleep(3)
                // Longer than the request timeout and than the broker's session: others lead its
                // partitions when it comes to itself.
                Kafka.tool("pause", "2")
                sleep(10)
                Kafka.tool("resume", "2")
                sleep(3)
                isOver.set()
            }
            return isOver
        }

        /// Writes the records, slowly while brokers break, so that the faults are in their midst.
        private static func write(to kpipe: ChildProcess, until isOver: Flag) {
            let step = 1000
            for start in stride(from: 0, to: count, by: step) {
                let lines = (start..<start + step).map { "k\($0 * 31 % 997):\($0)\n" }
                kpipe.write(lines.joined())
                while !isOver.isSet, start >= count * 9 / 10 { usleep(100_000) }
                if !isOver.isSet { usleep(80_000) }
            }
        }

        /// Reads the topic with kcat, and counts: different records, records that came again, ones
        /// behind a later one of their partition, the smallest, the largest.
        private func readBack() -> String {
            let count = """
                { if ($2 in seen) again++; else { seen[$2]; records++
                    if ($1 in last && $2 < last[$1]) behind++
                    last[$1] = $2 + 0 }
                  if (NR == 1 || $2 < least) least = $2 + 0
                  if ($2 > most) most = $2 + 0 }
                END { printf "%d %d %d %d %d\\n", records, again, behind, least, most }
                """
            let script = "kcat -C -b \"$1\" -t \"$2\" -o beginning -e -q -f '%p %s\\n' | awk \"$3\""
            let reader = ChildProcess(
                ["sh", "-c", script, "sh", Kafka.brokers ?? "", topic, count],
                seconds: 120
            )
            let outcome = reader.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
            return String(decoding: outcome.output, as: UTF8.self)
        }
    }
}
