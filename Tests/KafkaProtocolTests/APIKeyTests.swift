import KafkaProtocol
import Testing

@Suite("APIKey")
struct APIKeyTests {
    @Test("finds the highest version that both sides speak")
    func negotiation() {
        #expect(APIKey.produce.highestVersion(minimum: 0, maximum: 7) == 7)
        #expect(APIKey.produce.highestVersion(minimum: 0, maximum: 20) == 13)
        #expect(APIKey.produce.highestVersion(minimum: 3, maximum: 3) == 3)
        #expect(APIKey.produce.highestVersion(minimum: 0, maximum: 2) == nil)
        #expect(APIKey.produce.highestVersion(minimum: 14, maximum: 20) == nil)
        #expect(APIKey.produce.highestVersion(minimum: 9, maximum: 5) == nil)
        #expect(APIKey.initProducerId.highestVersion(minimum: 0, maximum: 6) == 5)
    }
}
