package import KafkaProducer

nonisolated extension Notice {
    /// What is said when standard input is a terminal.
    package static let waitingForInput = Notice(
        name: "waiting_for_input",
        message: "waiting for lines of at most 4095 bytes from the terminal; Ctrl-D ends them"
    )

    /// What is said about the configuration.
    package init(_ remark: Configuration.Remark) {
        self.init(name: "configuration", message: remark.message)
    }
}
