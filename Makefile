# kpipe's chores. `make help` lists them; each is one ordinary command that can be run by hand.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

bindir = $(PREFIX)/bin
mandir = $(PREFIX)/share/man/man1

# The binary carries Swift's run time and no symbols, so that it runs where Swift is not installed;
# and the codecs, since to load ten libraries takes longer than to print a version. It is linked by
# the linker that comes with Swift, if it is here: a line that comes after a while takes 15 us less
# than by gold.
release := -c release --static-swift-stdlib -Xlinker -s -Xlinker -L$(CURDIR)/.build/archives \
    $(if $(shell command -v ld.lld),-Xswiftc -use-ld=lld)
products = .build/release

# The codecs and rules whose libraries are here: `make TRAITS=` builds without any of them, and
# `make TRAITS='--traits Zstd'` with one.
ifeq ($(origin TRAITS),undefined)
TRAITS := $(shell scripts/traits)
endif

# The build without them has a folder of its own, since to change the traits builds everything anew.
plain = --scratch-path .build/plain
plaintests = KafkaProtocolTests RecordRulesTests FixtureTests \
    ConfigurationTests HelpTests PropertyTableTests ExampleTests

# What the tests read: one newer than the stamp makes `check` run them again. Folders are among
# them, since removing a file changes its folder; but not `man`, which is a target of its own.
tested := $(shell find Sources Tests Benchmarks docs $(wildcard man/*) .ci scripts \
    *.md Makefile Package.swift)
stamp = build/tests-passed

# The same for the fuzz targets, and how long each of them looks for something new.
fuzzed := $(shell find Sources Fuzz scripts/fuzz)
fuzz-stamp = build/fuzz-passed
T ?= 60

.PHONY: help setup build test plain check tidy lint fmt man map integration instructions bench
.PHONY: bench-kafka demo
.PHONY: sim sims mutants fuzz fuzz-smoke torture chaos outages install uninstall clean

help:
	@echo 'make demo         install what is missing, build, and show kpipe at work'
	@echo 'make test         run every test that needs no outside server'
	@echo 'make build        build the release binary, $(products)/kpipe'
	@echo 'make install      install it and the manual page below PREFIX ($(PREFIX))'
	@echo 'make uninstall    remove them again'
	@echo 'make setup        install zlib, which the build needs, and the optional libraries'
	@echo 'make plain        test the build that has zlib alone, without codecs and PCRE2'
	@echo 'make check        the tests, unless passed since the last change, sims, fuzz, lint'
	@echo 'make torture      fail every system call of a run, each in each way, some minutes long'
	@echo 'make sims         simulate N seeds (N=4000), FROM=0 on, each with faults of its own'
	@echo 'make sim          simulate one seed, SEED=83, and print everything that happens'
	@echo 'make mutants      hunt each known bug in up to N seeds (N=4000); all must be caught'
	@echo 'make fuzz T=60    feed each fuzz target with made-up bytes for T seconds'
	@echo 'make fuzz-smoke   the inputs in Fuzz/Corpus, and two seconds more of each'
	@echo 'make tidy         the style tests alone'
	@echo 'make lint         swift format, strictly'
	@echo 'make fmt          format the sources'
	@echo 'make integration  test against the Kafka at KAFKA_PLAINTEXT=localhost:9092'
	@echo 'make outages      break a Kafka of three brokers under kpipe: docs/TESTING.md'
	@echo 'make chaos        break the network and the brokers under kpipe: N=1000 seeds, FROM=0;'
	@echo '                  KCAT=1 for the same under kcat'
	@echo 'make instructions count what a record costs, in instructions (needs valgrind)'
	@echo 'make bench        measure kpipe beside kcat and limit.c, see docs/PERFORMANCE.md;'
	@echo '                  ROWS="file pipe" for some of the rows, RUNS=9 rounds, LINES=5000000'
	@echo '                  bench-kafka: beside kcat against the Kafka at KAFKA_PLAINTEXT'
	@echo 'make man          write man/kpipe.1 and the README'\''s options from the option table'
	@echo 'make map          write the File Map of docs/ARCHITECTURE.md from the sources'
	@echo 'make clean        remove what was built'

setup:
	@scripts/setup

# SwiftPM compiles everything again when the environment has changed, in which make puts its own.
unmade = env $(addprefix -u ,MAKELEVEL MAKEFLAGS MFLAGS MAKEOVERRIDES MAKE_TERMOUT MAKE_TERMERR \
    N FROM SEED T KCAT BUILT ROWS RUNS LINES PEERS PREFIX DESTDIR TRAITS SWIFT)

build:
	@scripts/traits archives
	$(unmade) $(SWIFT) build $(TRAITS) $(release)
	@! grep -qa pipelinesWhileRecovering $(products)/kpipe || \
	    { echo 'make build: there are mutants in $(products)/kpipe' >&2; exit 1; }

test:
	$(SWIFT) test $(TRAITS) --disable-xctest --skip IntegrationTests
	@mkdir -p $(dir $(stamp)) && touch $(stamp)

# What depends on the libraries: codecs, rules, and how the command words what is missing.
plain:
	$(SWIFT) test $(plain) --disable-xctest $(addprefix --filter ,$(plaintests))

$(stamp): $(tested)
	$(MAKE) test

check: $(stamp) sims $(fuzz-stamp) lint

# What was found before is not found again, and what is easily found is not there.
fuzz-smoke:
	scripts/fuzz 2
	@mkdir -p $(dir $(fuzz-stamp)) && touch $(fuzz-stamp)

$(fuzz-stamp): $(fuzzed)
	$(MAKE) fuzz-smoke

fuzz:
	scripts/fuzz $(T)

torture:
	TORTURE=all $(SWIFT) test $(TRAITS) --disable-xctest --filter TortureTests

# The simulator is optimized: without that it is some twenty times slower. Not built as a product
# alone: SwiftPM would compile for that what `build` compiled already.
sim: build
	@test -n "$(SEED)" || { echo 'make sim: name a seed, say SEED=83' >&2; exit 2; }
	$(products)/kpipe-sim --seed $(SEED) --trace

sims: build
	$(products)/kpipe-sim --from $(or $(FROM),0) --seeds $(or $(N),4000)

# A build of its own, so that no other has a mutant in it.
mutants:
	$(SWIFT) build -c release --product kpipe-sim --traits Mutants --scratch-path .build/mutants
	.build/mutants/release/kpipe-sim --mutants --seeds $(or $(N),4000)

tidy:
	$(SWIFT) test $(TRAITS) --disable-xctest --filter TidyTests

swift-files = Sources Tests Package.swift Fuzz/Targets Fuzz/Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(swift-files)

fmt:
	$(SWIFT) format format --in-place --recursive --parallel $(swift-files)

# BUILT=--skip-build is for who has run `make test` just before: what is exported for the broker
# would make SwiftPM build all of it again. TESTED_KPIPE=$(products)/kpipe tests that one instead
# of the one beside the tests.
integration:
	@test -n "$$KAFKA_PLAINTEXT" || \
	    { echo 'make integration: set KAFKA_PLAINTEXT to a broker, say localhost:9092' >&2; exit 2; }
	test "$${KAFKA_BROKERS:-1}" -ge 3 || skip='--skip ThreeBrokersTests'; \
	    $(SWIFT) test $(TRAITS) $(BUILT) --disable-xctest --filter IntegrationTests $$skip

outages:
	@test "$${KAFKA_BROKERS:-1}" -ge 3 || \
	    { echo 'make outages: set KAFKA_BROKERS to 3; see docs/TESTING.md' >&2; exit 2; }
	$(SWIFT) test $(TRAITS) $(BUILT) --disable-xctest --filter ThreeBrokersTests

# Seeds beyond the 40 that `make test` runs, or one of them again.
chaos:
	KPIPE_CHAOS_SEEDS=$(or $(N),40) KPIPE_CHAOS_FROM=$(or $(FROM),0) $(if $(KCAT),KPIPE_CHAOS_KCAT=1) \
	    $(SWIFT) test $(TRAITS) --disable-xctest --filter ChaosTests

instructions:
	@scripts/instructions

# The table alone goes to standard output.
bench:
	@$(MAKE) build >&2
	@scripts/bench --runs $(or $(RUNS),9) --lines $(or $(LINES),5000000) $(ROWS)

bench-kafka:
	@$(MAKE) build >&2
	@scripts/bench-kafka --runs $(or $(RUNS),9) --lines $(or $(LINES),1000000) $(PEERS)

# A make of its own, which finds the libraries that were just installed.
demo: setup
	$(MAKE) build
	@scripts/demo $(products)

man:
	$(SWIFT) build $(TRAITS) --product kpipe
	scripts/generate man
map:
	scripts/generate map

install: build
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)
	install -m 755 $(products)/kpipe $(DESTDIR)$(bindir)/kpipe
	install -m 644 man/kpipe.1 $(DESTDIR)$(mandir)/kpipe.1

uninstall:
	rm -f $(DESTDIR)$(bindir)/kpipe $(DESTDIR)$(mandir)/kpipe.1

clean:
	$(SWIFT) package clean
	rm -rf build
