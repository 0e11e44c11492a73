/// Asks for the producer id under which a broker recognises duplicates.
package struct InitProducerIdRequest: Equatable, Sendable {
    /// The transactional id, or `nil` for a producer that is idempotent alone.
    package var transactionalID: String?

    /// How long a transaction may stay open; without a transactional id brokers do not look at it.
    package var transactionTimeoutMilliseconds: Int32

    /// The producer id we had, or -1 (version 3 and up).
    package var producerID: Int64

    /// The epoch we had, or -1 (version 3 and up); -1 exactly if the producer id is.
    package var producerEpoch: Int16

    /// Creates a request, by default for a new id without a transactional id.
    package init(
        transactionalID: String? = nil,
        transactionTimeoutMilliseconds: Int32 = 60_000,
        producerID: Int64 = -1,
        producerEpoch: Int16 = -1
    ) {
        self.transactionalID = transactionalID
        self.transactionTimeoutMilliseconds = transactionTimeoutMilliseconds
        self.producerID = producerID
        self.producerEpoch = producerEpoch
    }

    /// Encodes the request with its size and header.
    package func encode(version: Int16, correlationID: Int32, clientID: String) -> [UInt8] {
        let flexible = APIKey.initProducerId.isFlexible(version)
        return RequestFrame.encode(
            api: .initProducerId,
            version: version,
            correlationID: correlationID,
            clientID: clientID
        ) { writer in
            writer.nullableString(transactionalID, flexible: flexible)
            writer.int32(transactionTimeoutMilliseconds)
            if version >= 3 {
                writer.int64(producerID)
                writer.int16(producerEpoch)
            }
            writer.endStructure(flexible: flexible)
        }
    }
}
