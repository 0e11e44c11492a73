# kpipe's chores. `make help` lists them; each is one ordinary command that can be run by hand.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

bindir = $(PREFIX)/bin
mandir = $(PREFIX)/share/man/man1

# The binary carries Swift's run time and no symbols, so that it runs where Swift is not installed.
release = -c release --static-swift-stdlib -Xlinker -s
products = .build/release

# What the tests read: one newer than the stamp makes `check` run them again. Folders are among
# them, since removing a file changes its folder.
tested := $(shell find Sources Tests docs $(wildcard man) .ci scripts *.md Makefile Package.swift)
stamp = build/tests-passed

.PHONY: help setup build test check tidy lint fmt man map integration demo install uninstall clean
.PHONY: sim sims mutants

help:
	@echo 'make demo         install what is missing, build, and show kpipe at work'
	@echo 'make test         run every test that needs no outside server'
	@echo 'make build        build the release binary, $(products)/kpipe'
	@echo 'make install      install it and the manual page below PREFIX ($(PREFIX))'
	@echo 'make uninstall    remove them again'
	@echo 'make setup        install the one library the build needs, zlib (Debian, Ubuntu)'
	@echo 'make check        the tests, unless they have passed since the last change, sims and lint'
	@echo 'make sims         simulate N=4000 runs, each with faults drawn from its seed, FROM=0 on'
	@echo 'make sim          simulate one seed, SEED=83, and print everything that happens'
	@echo 'make mutants      hunt each known bug in up to N seeds (N=4000); all must be caught'
	@echo 'make tidy         the style tests alone'
	@echo 'make lint         swift format, strictly'
	@echo 'make fmt          format the sources'
	@echo 'make integration  test against the Kafka at KAFKA_PLAINTEXT=localhost:9092'
	@echo 'make man          write man/kpipe.1 and the README'\''s options from the option table'
	@echo 'make map          write the File Map of docs/ARCHITECTURE.md from the sources'
	@echo 'make clean        remove what was built'

setup:
	@scripts/setup

build:
	$(SWIFT) build $(release)
	@! grep -qa pipelinesWhileRecovering $(products)/kpipe || \
	    { echo 'make build: there are mutants in $(products)/kpipe' >&2; exit 1; }

test:
	$(SWIFT) test --disable-xctest --skip IntegrationTests
	@mkdir -p $(dir $(stamp)) && touch $(stamp)

$(stamp): $(tested)
	$(MAKE) test

check: $(stamp) sims lint

# The simulator is optimized: without that it is some twenty times slower.
sim:
	@test -n "$(SEED)" || { echo 'make sim: name a seed, say SEED=83' >&2; exit 2; }
	$(SWIFT) build -c release --product kpipe-sim
	$(products)/kpipe-sim --seed $(SEED) --trace

N ?= 4000
FROM ?= 0
sims:
	$(SWIFT) build -c release --product kpipe-sim
	$(products)/kpipe-sim --from $(FROM) --seeds $(N)

# A build of its own, so that no other has a mutant in it.
mutants:
	$(SWIFT) build -c release --product kpipe-sim --traits Mutants --scratch-path .build/mutants
	.build/mutants/release/kpipe-sim --mutants --seeds $(N)

tidy:
	$(SWIFT) test --disable-xctest --filter TidyTests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

fmt:
	$(SWIFT) format format --in-place --recursive --parallel Sources Tests Package.swift

integration:
	@test -n "$$KAFKA_PLAINTEXT" || \
	    { echo 'make integration: set KAFKA_PLAINTEXT to a broker, say localhost:9092' >&2; exit 2; }
	$(SWIFT) test --disable-xctest --filter IntegrationTests

demo: setup build
	@scripts/demo $(products)

man:
	$(SWIFT) build --product kpipe
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
