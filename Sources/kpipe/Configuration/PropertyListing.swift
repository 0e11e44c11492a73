package import KafkaProducer
import KafkaProtocol

/// The texts of `-X list` and `-X dump`.
nonisolated package enum PropertyListing {
    /// Every property: its spellings, its values, their unit and range, the default, what it does.
    package static var list: String {
        var text = ""
        for property in PropertyTable.properties {
            text += property.spellings.joined(separator: ", ") + "\n"
            let values = "\(property.kind.description); default \(property.defaultValue)"
            for paragraph in [values, property.help] {
                for line in TextColumns.wrap(paragraph, width: 76) { text += "    \(line)\n" }
            }
        }
        return text
    }

    /// The properties in force, as a file for `-F`.
    package static func dump(_ producer: ProducerConfiguration) -> String {
        PropertyTable.properties.map { property in
            "\(property.spelling)=\(escaped(producer.text(of: property.name)))\n"
        }.joined()
    }

    /// A value such that a file gives it back.
    private static func escaped(_ value: String) -> String {
        value.replacing(#"\"#, with: #"\\"#).replacing("\n", with: #"\n"#)
            .replacing("\r", with: #"\r"#)
    }
}

nonisolated extension ProducerConfiguration {
    /// The value in force of a property, as somebody would write it.
    package func text(of name: PropertyName) -> String {
        switch name {
        case .bootstrapServers: bootstrap.map(\.description).joined(separator: ",")
        case .clientID: clientID
        case .acks: acks == .all ? "all" : String(acks.rawValue)
        case .idempotence: String(idempotence)
        case .retries: retries.map { String($0) } ?? "unlimited"
        case .retryBackoff: Self.milliseconds(retryBackoff)
        case .retryBackoffMax: Self.milliseconds(retryBackoffMax)
        case .deliveryTimeout: Self.milliseconds(deliveryTimeout ?? .zero)
        case .requestTimeout: Self.milliseconds(requestTimeout)
        case .maxInFlightRequests: String(maxInFlightRequests)
        case .linger: Self.milliseconds(linger)
        case .batchSize: String(batchSize)
        case .batchRecordLimit:
            batchRecordLimit == Int(Int32.max) ? "unlimited" : String(batchRecordLimit)
        case .bufferMemory: String(bufferMemory)
        case .maxRequestSize: String(maxRequestSize)
        case .compression: codec.name
        case .compressionLevel: String(compressionLevel ?? -1)
        case .gzipLevel: level(of: .gzip)
        case .lz4Level: level(of: .lz4)
        case .zstdLevel: level(of: .zstd)
        case .partitioner: partitioner.name
        case .allowAutoTopicCreation: String(allowsAutoTopicCreation)
        case .metadataMaxAge: Self.milliseconds(metadataMaxAge)
        case .securityProtocol: "plaintext"
        }
    }

    /// The level in force of one codec, which is none where another codec is in force.
    private func level(of codec: CompressionCodec) -> String {
        String(codec == self.codec ? compressionLevel ?? -1 : -1)
    }

    /// A time in milliseconds, with a fraction only where it has one.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = attoseconds / 1_000_000_000
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let milliseconds = seconds * 1000 + whole
        if rest == 0 { return String(milliseconds) }
        var fraction = String(1_000_000 + rest).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(milliseconds).\(fraction)"
    }
}
