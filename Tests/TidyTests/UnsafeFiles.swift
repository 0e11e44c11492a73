/// The files that may hold `unsafe`, which is every use of a pointer.
///
/// Each keeps its pointers behind a type that is safe to use, and states there why it is sound.
enum UnsafeFiles {
    /// What each file needs pointers for, by its path below `Sources`.
    static let reasons: [(path: String, reason: String)] = [
        // Memory of our own: one owner each.
        ("EventLoop/AnswerMemory.swift", "what is read from a broker"),
        ("EventLoop/InputRing.swift", "the bytes of the ring, as spans bound to it"),
        ("EventLoop/MirroredMemory.swift", "one memory at two addresses"),
        ("KafkaProducer/Batching/BatchMemory+Append.swift", "encodes a record into its chunks"),
        ("KafkaProducer/Batching/BatchMemory+Bytes.swift", "the chunks of a batch, as spans"),
        ("KafkaProducer/Batching/BatchMemory+Encoding.swift", "writes the integers of a record"),
        ("KafkaProducer/Batching/BatchMemory+KeyedLine.swift", "encodes a line into a chunk"),
        ("KafkaProducer/Batching/BatchMemory+Lines.swift", "encodes many lines into a chunk"),
        ("KafkaProducer/Batching/BatchMemory.swift", "one allocation, cut into chunks"),
        ("KafkaProducer/Batching/CompressionJob.swift", "the pieces of a batch, for a worker"),
        ("KafkaProducer/Batching/Murmur2.swift", "looks at four bytes at once"),
        ("KafkaProducer/Brokers/OutboundScratch.swift", "the pieces of a writev"),
        ("KafkaProducer/Brokers/OutboundSegment.swift", "one piece of a writev, laid out as iovec"),
        ("KafkaProducer/Producer+Receive.swift", "takes over received bytes in one go"),
        ("KafkaProducer/Producer.swift", "hands the pieces of a writev to the event loop"),

        // The system's calls, which take pointers to what they read and write.
        ("EventLoop/BrokerLink.swift", "writev(2) of what the core wants sent"),
        ("EventLoop/Errno.swift", "the system's texts for its errors"),
        ("EventLoop/EventLoop+Brokers.swift", "hands the core's pieces to a socket"),
        ("EventLoop/InputFile.swift", "read(2) into the ring"),
        ("EventLoop/OutputStream.swift", "writev(2) from the ring and from buffers"),
        ("EventLoop/Resolver.swift", "getaddrinfo(3)"),
        ("EventLoop/Signals.swift", "sigaction(2)"),
        ("EventLoop/Socket.swift", "read(2) and writev(2)"),
        ("EventLoop/SocketAddress.swift", "getnameinfo(3)"),
        ("EventLoop/SyscallFault.swift", "getenv(3)"),
        ("EventLoop/Syscalls.swift", "every other call of the system"),
        ("EventLoop/SystemClock.swift", "clock_gettime(2)"),
        ("kpipe-instructions/InstructionCounter.swift", "names what callgrind counted"),
        ("kpipe-instructions/ProducerRun.swift", "copies the pieces of a writev"),
        ("kpipe-sandbox/Descriptor.swift", "read(2), write(2) and the socket calls"),
        ("kpipe-sandbox/StopSignals.swift", "a signal handler, which reaches only what is global"),
        ("KafkaSimulator/Simulation/Simulation+Compression.swift", "keeps a compressor's output"),
        ("KafkaSimulator/Simulation/Simulation+Network.swift", "copies the pieces of a writev"),
        ("kpipe-sim/SimulatorOptions.swift", "getopt_long(3)"),
        ("kpipe-sim/MutantProcess.swift", "popen(3) and getline(3)"),
        ("kpipe/CommandLine/OptionParser.swift", "getopt_long(3)"),
        ("kpipe/CommandLine/SystemEnvironment.swift", "argv and environ, raw"),

        // Functions of C libraries.
        ("KafkaProtocol/Primitives/CRC32C.swift", "the checksum's instructions, in C"),
        ("KafkaProtocol/RecordBatch/CompressionMemory.swift", "what libraries write to"),
        ("KafkaProtocol/RecordBatch/DeflateCompressor.swift", "libdeflate"),
        ("KafkaProtocol/RecordBatch/DeflateDecompressor.swift", "libdeflate"),
        ("KafkaProtocol/RecordBatch/GrowingResult.swift", "memory that libraries write to"),
        ("KafkaProtocol/RecordBatch/GzipCompressor.swift", "zlib"),
        ("KafkaProtocol/RecordBatch/GzipDecompressor.swift", "zlib"),
        ("KafkaProtocol/RecordBatch/LZ4Compressor.swift", "liblz4"),
        ("KafkaProtocol/RecordBatch/LZ4Decompressor.swift", "liblz4"),
        ("KafkaProtocol/RecordBatch/RecordCompressor.swift", "puts pieces together in one go"),
        ("KafkaProtocol/RecordBatch/SnappyCompressor.swift", "libsnappy"),
        ("KafkaProtocol/RecordBatch/SnappyDecompressor.swift", "libsnappy"),
        ("KafkaProtocol/RecordBatch/ZstdCompressor.swift", "libzstd"),
        ("KafkaProtocol/RecordBatch/ZstdDecompressor.swift", "libzstd"),
        ("RecordFraming/ByteSearch.swift", "memchr(3), and all places of a byte, in C"),
        ("RecordRules/ByteScan.swift", "looks at eight bytes at once"),
        ("RecordRules/PCRERule.swift", "PCRE2"),
        ("RecordRules/RegexRule.swift", "regex(3)"),
    ]
}
