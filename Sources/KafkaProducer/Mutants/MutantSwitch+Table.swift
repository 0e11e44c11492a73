#if Mutants
extension MutantSwitch {
    /// Every mutant: where the bug is from, and what it is.
    package static let all: [Self] = [
        Self(
            .reusesMemoryInFlight,
            "T01, Java KAFKA-19012",
            "A batch that expires in flight gives its memory back while the "
                + "socket still sends it."
        ),
        Self(
            .matchesAnswersBySequence,
            "T02, Java KAFKA-13794",
            "Of the batches of a request with equal sequences, all get the answer of one."
        ),
        Self(
            .renumbersBackwards,
            "T03, Java KAFKA-8483",
            "A new epoch's sequences are given out in another order than the queue's."
        ),
        Self(
            .bumpsEpochInFlight,
            "T04, Java KAFKA-8484; R8",
            "The epoch is bumped while requests of the partition are in flight."
        ),
        Self(
            .resetsForUnknownProducer,
            "T05, Java KAFKA-7190",
            "UNKNOWN_PRODUCER_ID resets the sequences even of a batch that may be in the log."
        ),
        Self(
            .requeuesAtFront,
            "T06, Java KAFKA-5494",
            "Each batch that fails goes to the front, so that several come back in reverse."
        ),
        Self(
            .countsLateSuccess,
            "T07, Java KAFKA-13843",
            "A success that comes after a batch has expired is counted all the same."
        ),
        Self(
            .forgetsVanishedTopic,
            "T12, librdkafka before 1.9.0",
            "A topic that metadata lose sight of loses its sequences: they start at 0 again."
        ),
        Self(
            .passesOverAmbiguousBatch,
            "T16, librdkafka #4438",
            "After an ambiguous attempt the batch behind it is taken for the "
                + "oldest unresolved one."
        ),
        Self(
            .rebuildsOnRetry,
            "T17, librdkafka #4750; R1",
            "A batch that may be in the log is cut anew when it is retried."
        ),
        Self(
            .requeuesAtBack,
            "T18, librdkafka #1092",
            "Without idempotence, a batch that is refused is queued behind newer ones."
        ),
        Self(
            .bumpsEveryPartition,
            "T19, librdkafka #4953",
            "A bump for one partition renumbers what may be in the logs of the others."
        ),
        Self(
            .goesOnAfterDeadline,
            "T20, librdkafka #4134",
            "After a batch has expired, those behind it are still delivered: a gap."
        ),
        Self(
            .unmutesBeforeRetry,
            "T21, Sarama #2860",
            "Without idempotence, the next batch goes before the one whose connection broke."
        ),
        Self(
            .numbersBeforeRetry,
            "T22, Sarama #2803",
            "The batch behind a refused one gets its sequence, before the retry is queued."
        ),
        Self(
            .reportsFirstRecordOnly,
            "T23, Sarama #2378",
            "Of a batch that fails after a retry, one record is reported."
        ),
        Self(
            .givesUpOnStorageError,
            "T24, Sarama #2939, librdkafka #3026",
            "KAFKA_STORAGE_ERROR is not retried."
        ),
        Self(
            .overflowsEpoch,
            "T25, Sarama #2178; R7",
            "The epoch after 32767 is -32768."
        ),
        Self(
            .trustsRequestTimedOut,
            "T26, franz-go #1217",
            "REQUEST_TIMED_OUT counts as not appended, and the sequences are used again."
        ),
        Self(
            .overflowsSequence,
            "T27, franz-go 1.5.3",
            "The sequence after 2147483647 is -2147483648."
        ),
        Self(
            .keepsStaleSeal,
            "T28, franz-go 1.21.0",
            "A batch that was sealed before a bump keeps the old epoch in its bytes."
        ),
        Self(
            .trapsOnDuplicateEntry,
            "T31, franz-go 1.21.4",
            "An answer with two entries for one partition ends the process."
        ),
        Self(
            .acceptsOlderLeaderEpoch,
            "T32, KIP-951",
            "Metadata with an older leader epoch move a partition back."
        ),
        Self(
            .reopensWrittenBatch,
            "R1",
            "A batch that comes back takes more records before it is sent again."
        ),
        Self(
            .reusesSequences,
            "R2",
            "After a gap the sequences are used again, in the same epoch."
        ),
        Self(
            .sendsWhileMuted,
            "R3",
            "After an error, what is still in flight is not awaited."
        ),
        Self(
            .pipelinesWhileRecovering,
            "R3",
            "After an error, more than one batch at a time is in flight."
        ),
        Self(
            .sendsFreelyAfterError,
            "R3",
            "After an error nothing is awaited, and batches are pipelined at once."
        ),
        Self(
            .movesWithoutWaiting,
            "R3",
            "A queue whose leader moved does not wait for what is in flight to the old one."
        ),
        Self(
            .resendsFinalBatches,
            "R4",
            "A batch that has its success is sent again with those before it."
        ),
        Self(
            .matchesAnswersByPlace,
            "R5",
            "The first entry of an answer is taken for the request's first batch, and so on."
        ),
        Self(
            .takesMissingAsSuccess,
            "R5, T31",
            "A partition that an answer leaves out counts as acknowledged."
        ),
        Self(
            .refusesDuplicateSequence,
            "R6",
            "DUPLICATE_SEQUENCE_NUMBER counts as a refusal."
        ),
        Self(
            .keepsSequenceInNewEpoch,
            "R7",
            "The sequences of a new epoch go on from the old one's."
        ),
        Self(
            .neverRenewsIdentity,
            "R7",
            "At epoch 32767 no new producer id is asked for."
        ),
        Self(
            .renumbersAmbiguousBatches,
            "R8",
            "A bump renumbers written batches that may be in the log."
        ),
        Self(
            .resendsUnknownBatches,
            "R8",
            "A batch that was reported unknown is sent again."
        ),
        Self(
            .pipelinesBeforeFirstSuccess,
            "R9",
            "Before the first success of an epoch, several batches are in flight."
        ),
        Self(
            .keepsEpochWhenIdle,
            "R9",
            "A partition that was idle for long goes on in its epoch."
        ),
        Self(
            .allowsEightUnresolved,
            "R9, section 8.9",
            "Eight batches of a partition may be unresolved, not five."
        ),
        Self(
            .failsAmbiguousBatches,
            "R10",
            "A batch that may be in the log ends failed, not unknown."
        ),
        Self(
            .splitsAmbiguousBatches,
            "R10",
            "A batch that may be in the log is split when it is refused for its size."
        ),
        Self(
            .resendsForEver,
            "R10",
            "A batch whose ambiguous attempt is older than an hour is sent again."
        ),
        Self(
            .keepsEpochAfterGap,
            "R11",
            "A written batch ends failed or unknown, and the epoch is not bumped."
        ),
        Self(
            .pipelinesWithoutIdempotence,
            "R12",
            "Without idempotence, several batches of a partition are in flight."
        ),
        Self(
            .neverLingers,
            "linger.ms",
            "The linger never ends."
        ),
        Self(
            .readsWithoutMemory,
            "I16",
            "The input is not stopped when there is no memory."
        ),
        Self(
            .namesNeighbour,
            "I1",
            "A failure names the record behind the one that failed."
        ),
        Self(
            .splitLosesRecord,
            "I1",
            "The last record of a batch that is split is lost."
        ),
        Self(
            .misplacesKeyTails,
            "I8",
            "A key with three bytes behind its last whole word is placed wrongly."
        ),
        Self(
            .forgetsFailureClass,
            "I10",
            "A failure leaves no trace for the exit status."
        ),
        Self(
            .ignoresThrottle,
            "I15, KIP-219",
            "A broker's wish for silence is not granted."
        ),
        Self(
            .ignoresRequestTimeout,
            "I11",
            "A request without an answer is awaited for ever."
        ),
        Self(
            .retriesAtOnce,
            "I11",
            "A refused batch is sent again without a back-off."
        ),
    ]
}
#endif
