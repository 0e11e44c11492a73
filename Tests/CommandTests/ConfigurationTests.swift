import KafkaProducer
import KafkaProtocol
import Testing
import kpipe

@Suite("The configuration in force")
@MainActor
struct ConfigurationTests {
    @Test("comes from options before -X before the environment before the file before defaults")
    func precedence() throws {
        let all = Typed.environment(
            ["KPIPE_BOOTSTRAP_SERVERS=variable", "KPIPE_ACKS=1", "HOME=/h"],
            files: ["/h/.config/kpipe.conf": "bootstrap.servers=file\nacks=0\nlinger.ms=7\n"]
        )
        let hosts = { (words: [String]) in
            let action = try CommandLineAction(Typed.arguments(["-tlogs"] + words), in: all)
            guard case .produce(let configuration) = action else { throw Typed.NotProducing() }
            return configuration.producer.bootstrap.map(\.host)
        }
        #expect(try hosts(["-boption", "-Xbootstrap.servers=property"]) == ["option"])
        #expect(try hosts(["-Xbootstrap.servers=property"]) == ["property"])
        #expect(try hosts([]) == ["variable"])
        let producer = try Typed.producer(in: all)
        #expect(producer.acks == .leader)
        #expect(producer.linger == .milliseconds(7))
        #expect(producer.batchSize == 1_000_000)
    }

    @Test("takes the last of several values from one source, under whatever spelling")
    func lastCounts() throws {
        let producer = try Typed.producer(
            "-Xlinger.ms=1",
            "-Xqueue.buffering.max.ms=2",
            "-Xtopic.acks=0",
            "-Xrequest.required.acks=1"
        )
        #expect(producer.linger == .milliseconds(2))
        #expect(producer.acks == .leader)
    }

    @Test("takes a bad value only where it is in force")
    func outranked() throws {
        let file = Typed.environment(
            ["KPIPE_CONFIG=/f"],
            files: ["/f": "compression.type=zstd\nsecurity.protocol=SASL_SSL"]
        )
        #expect(Typed.refusal(in: file)?.status == .configuration)
        let producer = try Typed.producer("-znone", "-Xsecurity.protocol=plaintext", in: file)
        #expect(producer.codec == .none)
    }

    @Test("is in the file that is named, or the first of the usual ones")
    func files() throws {
        let files = [
            "/named": "client.id=named", "/variable": "client.id=variable",
            "/x/kpipe.conf": "client.id=xdg", "/h/.config/kpipe.conf": "client.id=home",
        ]
        let client = { (variables: [String], words: [String]) in
            let environment = Typed.environment(variables, files: files)
            let action = try CommandLineAction(Typed.arguments(["-tlogs"] + words), in: environment)
            guard case .produce(let configuration) = action else { throw Typed.NotProducing() }
            return configuration.producer.clientID
        }
        let everywhere = ["KPIPE_CONFIG=/variable", "XDG_CONFIG_HOME=/x", "HOME=/h"]
        #expect(try client(everywhere, ["-F/named"]) == "named")
        #expect(try client(everywhere, []) == "variable")
        #expect(try client(["XDG_CONFIG_HOME=/x", "HOME=/h"], []) == "xdg")
        #expect(try client(["XDG_CONFIG_HOME=/other", "HOME=/h"], []) == "home")
        #expect(try client(["XDG_CONFIG_HOME=", "KPIPE_CONFIG=", "HOME=/h"], []) == "home")
        #expect(try client(everywhere, ["-Fnone"]) == "kpipe")
        #expect(try client(["KPIPE_CONFIG=none", "HOME=/h"], []) == "kpipe")
        #expect(try client([], []) == "kpipe")
    }

    @Test("is refused where a file that was named is not there, or one that is there not readable")
    func unreadableFiles() {
        #expect(Typed.refusal("-F/gone") == .configuration("/gone: there is no such file"))
        #expect(
            Typed.refusal(in: Typed.environment(["KPIPE_CONFIG=/gone"]))?.status == .configuration
        )
        let environment = Typed.environment(
            ["HOME=/h"],
            files: ["/h/.config/kpipe.conf": "unreadable"]
        )
        #expect(
            Typed.refusal(in: environment)
                == .configuration("/h/.config/kpipe.conf: Permission denied")
        )
    }

    @Test("mentions kcat's file where no other was read, and does not read it")
    func kcatFile() throws {
        let files = ["/h/.config/kcat.conf": "client.id=kcat", "/f": ""]
        let environment = Typed.environment(["HOME=/h"], files: files)
        let configuration = try Typed.configuration(in: environment)
        #expect(configuration.producer.clientID == "kpipe")
        #expect(configuration.unreadKcatFile == Array("/h/.config/kcat.conf".utf8))
        #expect(try Typed.configuration("-F/f", in: environment).unreadKcatFile == nil)
        #expect(try Typed.configuration().unreadKcatFile == nil)
    }

    @Test("passes over what means nothing to a producer, and notes what nobody knows")
    func vendorFiles() throws {
        let text = """
            # Confluent Cloud
            session.timeout.ms=45000
            schema.registry.url=https://example.org
            client.dns.lookup=use_all_dns_ips
            linger=5
            wibble.wobble=1
            acks=all
            """
        let environment = Typed.environment(files: ["/f": text])
        let remarks = try Typed.configuration("-F/f", in: environment).remarks
        #expect(
            remarks.map { "\($0.isVerbose) \($0.message)" } == [
                "true session.timeout.ms means nothing to kpipe (/f:2)",
                "true schema.registry.url means nothing to kpipe (/f:3)",
                "true client.dns.lookup means nothing to kpipe (/f:4)",
                "false there is no property linger; did you mean linger.ms? (/f:5)",
                "false there is no property wibble.wobble; see kpipe -X list (/f:6)",
            ]
        )
    }

    @Test("does not show a line that may be part of a key")
    func lostKeyLines() throws {
        let text = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq/hkiG9w0=\n"
        let environment = Typed.environment(files: ["/f": text])
        let remarks = try Typed.configuration("-F/f", in: environment).remarks
        #expect(
            remarks.map(\.message) == ["this is no property (/f:1)", "this is no property (/f:2)"]
        )
    }

    @Test("refuses names that do not exist in -X and the environment, and suggests the nearest")
    func unknownNames() {
        #expect(
            Typed.refusal("-Xlingerms=5")
                == .usage("there is no property lingerms; did you mean linger.ms?")
        )
        #expect(
            Typed.refusal("-Xwibble.wobble=1")
                == .usage("there is no property wibble.wobble; see kpipe -X list")
        )
        #expect(Typed.refusal("-Xsession.timeout.ms=1")?.status == .usage)
        #expect(Typed.refusal("-Xtopic.bootstrap.servers=a")?.status == .usage)
        #expect(Typed.refusal("-Xlinger.ms")?.status == .usage)
        #expect(
            Typed.refusal(in: Typed.environment(["KPIPE_BATCHSIZE=1"]))
                == .usage("KPIPE_BATCHSIZE names no property; did you mean KPIPE_BATCH_SIZE?")
        )
        #expect(Typed.refusal(in: Typed.environment(["KPIPE_=1"]))?.status == .usage)
    }

    @Test("refuses security until it is built, and never shows a secret")
    func security() throws {
        let words = [
            "-Xsasl.password=hunter2", "-Xssl.key.password=hunter2", "-Xtransactional.id=hunter2",
        ]
        for word in words {
            let error = try #require(Typed.refusal(word))
            #expect(error.status == .configuration)
            #expect(error.message.contains("not built yet"))
            #expect(!error.message.contains("hunter2"))
        }
        let environment = Typed.environment(["KPIPE_SASL_PASSWORD=hunter2"])
        #expect(
            Typed.refusal(in: environment)
                == .configuration("sasl.password: security is not built yet (KPIPE_SASL_PASSWORD)")
        )
        #expect(Typed.refusal("-Xsecurity.protocol=ssl")?.message.contains("not built yet") == true)
        #expect(
            Typed.refusal("-Xsecurity.protocol=tls")?.message.contains("expected plaintext") == true
        )
        #expect(Typed.refusal("-Xsecurity.protocol=PLAINTEXT") == nil)
    }

    @Test("names a bad value, what was expected, and where it stands")
    func badValues() {
        let file = Typed.environment(files: ["/f": "\nlinger.ms=soon"])
        #expect(
            Typed.refusal("-F/f", in: file)
                == .configuration("linger.ms=soon: expected milliseconds, at least 0 (/f:2)")
        )
        #expect(
            Typed.refusal(in: Typed.environment(["KPIPE_ACKS=2"]))
                == .configuration("acks=2: expected all, -1, 1 or 0 (KPIPE_ACKS)")
        )
        #expect(
            Typed.refusal("-zgzip:12")
                == .usage("--compression 12: gzip has levels 1 to 9")
        )
    }

    @Test("lists and dumps")
    func requests() throws {
        guard case .print(let list) = try Typed.action("-X", "list") else {
            Issue.record("-X list prints")
            return
        }
        for property in PropertyTable.properties {
            for spelling in property.spellings { #expect(list.contains(spelling)) }
        }
        #expect(list.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let words = [
            "-Xlinger.ms=0.5", "-zgzip:9", "-b[::1]:1,h", "-Xclient.id=a\\b", "-Xretries=3",
        ]
        let dump = try dumped(words)
        #expect(dump.contains("linger.ms=0.5\n"))
        #expect(dump.contains("compression.level=9\n"))
        #expect(dump.contains("bootstrap.servers=[::1]:1,h:9092\n"))
        let again = try dumped(["-F/dump"], files: ["/dump": dump])
        #expect(again == dump, "A dump is a file for -F.")
    }

    private func dumped(_ words: [String], files: [String: String] = [:]) throws -> String {
        let action = try CommandLineAction(
            Typed.arguments(words + ["-X", "dump"]),
            in: Typed.environment(files: files)
        )
        guard case .print(let text) = action else { throw Typed.NotProducing() }
        return text
    }
}
