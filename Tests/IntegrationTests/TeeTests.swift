import Glibc
import Testing

extension IntegrationTests {
    @Suite("Tee and signals")
    struct TeeTests {
        private let topic = Kafka.newTopic("tee")

        @Test("copies each record once it is acknowledged, byte for byte")
        func bytes() {
            var input: [UInt8] = []
            for index in 0..<20_000 {
                input += Array("line \(index)\u{0}\u{1f}ä\r\n".utf8) + [0xff]
            }
            let outcome = Kpipe.run(["-t", topic, "-T"], bytes: input)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let isSame = outcome.output == input
            #expect(isSame)
        }

        @Test("copies frames with their lengths, and leaves out those that failed")
        func frames() {
            let good: [UInt8] = [0, 3, 1, 2, 3]
            let large = [4, 0] + [UInt8](repeating: 7, count: 1024)
            let outcome = Kpipe.run(
                ["-t", topic, "-T", "--framing", "u16", "--max-record", "100"],
                bytes: good + large + good
            )
            #expect(outcome.status == 65)
            #expect(outcome.output == good + good)
        }

        @Test("acknowledges a line on an idle pipe while the pipe stays open")
        func idle() {
            let kpipe = Kpipe.start(["-t", topic, "-T"], input: .pipe)
            for line in ["first", "second"] {
                kpipe.write("\(line)\n")
                #expect(kpipe.readLine() == line)
                #expect(Kafka.read(topic).map(\.text).contains(line))
            }
            #expect(kpipe.finish().status == 0)
        }

        @Test(
            "ends at a signal with what it read delivered, though the input is idle",
            arguments: [SIGTERM, SIGINT, SIGHUP]
        )
        func signal(number: Int32) {
            let kpipe = Kpipe.start(["-t", topic, "-T", "-p", "0"], input: .pipe)
            kpipe.write("whole\nnot wh")
            #expect(kpipe.readLine() == "whole")
            kpipe.send(number)
            let outcome = waitThenFinish(kpipe)
            #expect(outcome.status == 128 + number, "\(outcome.errors)")
            #expect(outcome.errorLines(with: "summary").count == 1)
            #expect(Kafka.read(topic).map(\.text) == ["whole"])
        }

        /// Waits for the end of the output before the input is closed: the signal ends it, not the
        /// end of the input.
        private func waitThenFinish(_ kpipe: ChildProcess) -> ChildProcess.Outcome {
            #expect(kpipe.readLine() == nil)
            return kpipe.finish()
        }
    }
}
