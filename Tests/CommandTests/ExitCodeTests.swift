import KafkaProducer
import Testing
import kpipe

@Suite("The exit status")
struct ExitCodeTests {
    @Test("is the number of sysexits.h")
    func numbers() {
        let numbers = ExitCode.all.map(\.status)
        #expect(numbers == [0, 64, 65, 66, 69, 70, 74, 75, 76, 77, 78, 128 + 15])
    }

    @Test("is the first in the order of the contract where several hold, however they come")
    func precedence() {
        let order: [ExitCode] = [
            .bug, .protocolBroken, .outcomeUnknown, .accessRefused, .brokersUnavailable,
            .inputOutput, .recordsFailed, .inputUnavailable, .signal(2), .success,
        ]
        #expect(order.map(\.status) == [70, 76, 75, 77, 69, 74, 65, 66, 130, 0])
        for (index, code) in order.enumerated() {
            for later in order[index...] {
                #expect(code.combined(with: later) == code)
                #expect(later.combined(with: code) == code)
            }
        }
    }

    @Test("is that of the first signal")
    func signals() {
        #expect(ExitCode.signal(2).combined(with: .signal(15)) == .signal(2))
    }
}
