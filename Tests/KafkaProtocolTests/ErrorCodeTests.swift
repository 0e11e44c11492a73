import KafkaProtocol
import Testing

@Suite("ErrorCode")
struct ErrorCodeTests {
    @Test("names the codes of Kafka 4.3, and numbers those beyond")
    func names() {
        #expect(ErrorCode.unknownServerError.name == "UNKNOWN_SERVER_ERROR")
        #expect(ErrorCode.none.name == "NONE")
        #expect(ErrorCode.messageTooLarge.name == "MESSAGE_TOO_LARGE")
        #expect(ErrorCode.transactionalIDAuthorizationFailed.rawValue == 53)
        #expect(
            ErrorCode.transactionalIDAuthorizationFailed.name
                == "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"
        )
        #expect(ErrorCode.rebootstrapRequired.name == "REBOOTSTRAP_REQUIRED")
        #expect(ErrorCode(rawValue: 133).name == "SHARE_SESSION_LIMIT_REACHED")
        #expect(ErrorCode(rawValue: 134).name == "UNKNOWN_ERROR_134")
        #expect(ErrorCode(rawValue: 999).description == "UNKNOWN_ERROR_999")
        #expect(ErrorCode(rawValue: -2).name == "UNKNOWN_ERROR_-2")
        #expect(ErrorCode(rawValue: .min).name == "UNKNOWN_ERROR_-32768")
    }

    /// The columns "Java" and "append" of the protocol's table, with the reactions' refreshes.
    @Test("follows the table of reactions for every code")
    func table() {
        let retriable: Set<Int16> = [
            2, 3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 72, 74, 75, 88, 89, 100, 103,
        ]
        let refreshing: Set<Int16> = [
            3, 5, 6, 8, 9, 13, 41, 56, 72, 74, 75, 80, 83, 84, 100, 103,
        ]
        let refusals: Set<Int16> = [
            2, 5, 8, 10, 17, 18, 19, 21, 29, 30, 31, 32, 35, 42, 43, 44, 45, 47, 48, 49, 50, 51, 52,
            53, 59, 72, 74, 75, 76, 87, 90, 100, 103, 120,
        ]
        let appended: Set<Int16> = [0, 20, 46]
        for number: Int16 in -2...200 {
            let code = ErrorCode(rawValue: number)
            #expect(code.isRetriable == retriable.contains(number), "\(code)")
            #expect(code.refreshesMetadata == refreshing.contains(number), "\(code)")
            let status: ErrorCode.AppendStatus =
                if refusals.contains(number) {
                    .notAppended
                } else if appended.contains(number) {
                    .appended
                } else {
                    .possiblyAppended
                }
            #expect(code.appendStatus == status, "\(code)")
        }
    }
}
