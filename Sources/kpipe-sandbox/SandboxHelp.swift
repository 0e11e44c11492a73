import KafkaSimulator

/// What `--help` prints.
enum SandboxHelp {
    static var text: String {
        let kinds = ChaosFault.allCases.map(\.rawValue)
        let profiles = BrokerProfile.all.map(\.name).joined(separator: ", ")
        return """
            usage: kpipe-sandbox [OPTION]...
            A Kafka cluster in memory, on the loopback address, for trying pipelines and for tests.
            Its first line on standard output is `bootstrap 127.0.0.1:PORT[,127.0.0.1:PORT]...`.
            It serves until SIGTERM or SIGINT, and exits with 0, or with 3 if a client did what no
            correct client does (each such thing is named on standard error).

              --brokers N            how many brokers (1)
              --topic NAME[:N]       a topic with N partitions (1); may be repeated
              --port FIRST           the first broker's port; the others follow (any that are free)
              --no-auto-create       look-ups create no topics
              --partitions N         how many partitions a topic gets that a look-up creates (1)
              --first-look-up HOW    how the look-up that creates a topic is answered: settled, or
                                     with the error 5 (LEADER_NOT_AVAILABLE) or 3 (UNKNOWN_TOPIC)
              --max-message-bytes N  the largest batch that is accepted (1048588)
              --profile NAME         the versions the brokers speak (kafka-4.3):
                                     \(profiles)
              --print                print each record that is appended as one line of JSON
              --null                 acknowledge without looking at more than a batch's header
              --do LINE              obey a control line at the start; may be repeated
              --chaos SEED[:RATE[:KIND,...]]
                                     let things go wrong, drawn from SEED, with RATE of a hundred
                                     batches (20). What happened is counted on standard error at
                                     the end. A seed has some of the kinds:
                                     \(kinds[..<7].joined(separator: ", ")),
                                     \(kinds[7..<12].joined(separator: ", ")),
                                     \(kinds[12...].joined(separator: ", "))
              --until-eof            serve until standard input ends, too
              --help                 this text

            Control lines are read from standard input; each is answered on standard error by
            `ok LINE` or `error LINE: why`. COUNT is 1 if it is left out; * is every partition.

              error TOPIC PARTITION CODE [COUNT]        refuse the next batches with an error code
              error-after TOPIC PARTITION CODE [COUNT]  append them, and answer the code
              drop-answer TOPIC PARTITION [COUNT]       append them, and close, not answer
              disconnect TOPIC PARTITION [COUNT]        do not append them, and close
              hang TOPIC PARTITION [COUNT]              append them, and be silent from then on
              omit TOPIC PARTITION [COUNT]              append them, and answer the others
              move TOPIC PARTITION BROKER               make BROKER the leader (-1: nobody)
              forget TOPIC PARTITION                    lose the producers' state
              create TOPIC PARTITIONS                   create a topic
              delete TOPIC                              delete it
              recreate TOPIC                            delete it and create it with a new id
              add-partitions TOPIC COUNT                give it more partitions
              compact TOPIC                             refuse records without a key from now on
              max-message-bytes TOPIC BYTES             refuse larger batches from now on
              unsettle TOPIC [COUNT]                    look-ups find no leaders
              throttle BROKER MILLISECONDS [COUNT]      ask for silence in the next answers
              latency BROKER MILLISECONDS               wait before each answer
              init-error BROKER CODE [COUNT]            fail the next InitProducerId requests
              metadata-error BROKER CODE [COUNT]        fail the next Metadata requests (v13)
              freeze BROKER, thaw BROKER                let its metadata go stale, or be true again
              profile BROKER NAME                       upgrade or downgrade it
              restart BROKER                            close its connections, and keep of each
                                                        producer the last batch alone
              close BROKER                              close its connections
              kill BROKER, revive BROKER                stop listening, and listen again
              elect BROKER                              as kill, and others lead its partitions
              pause, resume                             read nothing from any connection, or again

            """
    }
}
