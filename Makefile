# What a developer types. `make` alone lists the targets. demo and test need git, make and Go (and, the first time, the module proxy);
# longer work is done by the small Go programs in tools/.

GO ?= go

# The modules of the workspace, the one that has a workspace of its own, and those that are built on their own.
WORKSPACE := . ./server
FAULTS    := ./faults
ISOLATED  := ./tools
INTEGRATIONS := $(patsubst %/go.mod,%,$(wildcard integrations/*/go.mod))
ALL       := $(addsuffix /...,$(WORKSPACE))

# Nobody's settings of the SDK, of OpenTelemetry or of a model leak into what runs here; only the demo may talk to a real model.
OPENAI := $(filter OPENAI_%,$(.VARIABLES))
unexport $(filter SENTRIAL_% OTEL_%,$(.VARIABLES))

# The user's own flags stay, version stamping is off: it fails in a checkout that belongs to another user.
export GOFLAGS := $(strip $(shell $(GO) env GOFLAGS) -buildvcs=false)

# The question and the file go through the environment, as they were typed: no shell and no make reads the quotes or dollars in them.
export DEMO_QUESTION := $(value Q)
export DEMO_DB       := $(value DB)
unexport Q DB

TIMEOUT  ?= 15m
FUZZTIME ?= 10s
COUNT    ?= 6

BENCH ?=

SOAK_EVENTS ?= 10000000

KILLS ?= 1000
SEED  ?= 0

# The race detector needs a C compiler and a platform that it knows: try it on a small package.
RACE = $$(CGO_ENABLED=1 $(GO) test -race -run '^$$' errors >/dev/null 2>&1 && echo -race)

TOOL      = GOWORK=off $(GO) -C tools
PLATFORMS = windows/amd64 darwin/arm64 linux/arm64 linux/386

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: ## record a real agent and print its timeline; Q='a question' asks another one, DB=FILE keeps the recording
	@set --; \
	if [ -n "$$DEMO_DB" ]; then set -- --db "$$DEMO_DB"; fi; \
	if [ -n "$$DEMO_QUESTION" ]; then set -- "$$@" -- "$$DEMO_QUESTION"; fi; \
	exec $(GO) run ./server/cmd/sentrial demo "$$@"

.PHONY: test
test: ## build, vet and test every module that needs only Go, with the race detector where there is a C compiler
	@unset $(OPENAI) DEMO_QUESTION DEMO_DB; race=$(RACE); \
	if [ -z "$$race" ]; then export CGO_ENABLED=0; echo 'note: no C compiler that works was found, so the tests run without the race detector'; fi; \
	set -ex; \
	$(GO) build -o /dev/null $(ALL); \
	$(GO) vet $(ALL); \
	$(GO) test $$race -shuffle=on -timeout $(TIMEOUT) $(ALL); \
	$(GO) -C $(FAULTS) vet -tags netns ./...; \
	$(GO) -C $(FAULTS) test $$race -shuffle=on -timeout $(TIMEOUT) ./...; \
	for module in $(ISOLATED); do \
		GOWORK=off $(GO) -C $$module vet ./...; \
		GOWORK=off $(GO) -C $$module test -timeout $(TIMEOUT) ./...; \
	done

.PHONY: test-node
test-node: ## send what OpenTelemetry's SDK for Node sends; needs node and npm, and their registry the first time
	@race=$(RACE); dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && cp server/e2e/node/* "$$dir" && \
	npm --prefix "$$dir" ci --no-audit --no-fund --ignore-scripts --loglevel=error && \
	SENTRIAL_E2E_NODE="$$dir" $(GO) test $$race -count=1 -tags node -timeout $(TIMEOUT) -run '^TestOTLPFromNode$$' ./server/e2e

.PHONY: check
check: fmt-check lint api-check deps-check tidy-check bench-once consumer otel-floor cross install-check bench-peers-check test-integrations clients-cover ## everything that a change must pass besides `make test`

.PHONY: fmt
fmt: ## format all Go files
	$(TOOL) tool gofumpt -w .. ../internal/testdata/consumer

.PHONY: fmt-check
fmt-check:
	@files=$$($(TOOL) tool gofumpt -l .. ../internal/testdata/consumer); \
	[ -z "$$files" ] || { echo "not formatted, run make fmt:"; echo "$$files"; exit 1; }

# Integrations are read with the flags of test-integrations, so that their frameworks are compiled once.
.PHONY: lint
lint: ## run golangci-lint over every module; the first time it is compiled, which takes minutes
	@linter=$$($(TOOL) tool -n golangci-lint) || exit 1; status=0; \
	lint() { echo "lint $$1"; (cd "$$1" && "$$linter" run --config "$(CURDIR)/.golangci.yml" --allow-parallel-runners ./...) || status=1; }; \
	for module in $(WORKSPACE) $(FAULTS); do lint "$$module"; done; \
	export GOWORK=off; for module in $(ISOLATED); do lint "$$module"; done; \
	race=$(RACE); for module in bench $(INTEGRATIONS); do \
		case $$module in integrations/*) export GOFLAGS="$(GOFLAGS) $$race";; esac; \
		echo "lint $$module"; $(TOOL) run ./nested -cmd "$$linter" "$$module" run --config "$(CURDIR)/.golangci.yml" --allow-parallel-runners ./... || status=1; \
	done; \
	exit $$status

.PHONY: api
api: ## rewrite api/public-api.txt, the snapshot of the public Go API
	$(TOOL) run ./apisnapshot -w

.PHONY: api-check
api-check:
	$(TOOL) run ./apisnapshot -check

.PHONY: deps-check
deps-check:
	$(TOOL) run ./depscheck

.PHONY: tidy
tidy: ## tidy the go.mod and go.sum of every module
	$(TOOL) run ./tidy -w

.PHONY: tidy-check
tidy-check:
	$(TOOL) run ./tidy

.PHONY: bench
bench: ## run the benchmarks; COUNT=6 times each, for `go tool benchstat` in tools/
	$(GO) test -run '^$$' -bench . -benchmem -count $(COUNT) -timeout 0 $(ALL)

.PHONY: bench-peers
bench-peers: ## measure this SDK beside others on the same work; BENCH='-only enqueue -rounds 3' picks, BENCH=-h lists
	$(TOOL) run ./nested bench run . $(BENCH)

.PHONY: bench-peers-check
bench-peers-check:
	$(TOOL) run ./nested bench vet ./...
	$(TOOL) run ./nested bench test -timeout $(TIMEOUT) ./...

.PHONY: clients-cover
clients-cover: ## print how much of the clients of agent platforms their tests run, and fail below four fifths
	@profile=$$(mktemp) && trap 'rm -f "$$profile"' EXIT && \
	$(GO) test -timeout $(TIMEOUT) -coverprofile="$$profile" ./clients/... && \
	$(GO) tool cover -func="$$profile" | awk '$$1 == "total:" { share = $$3 + 0; print "clients: " $$3 " of the statements are run by tests" } END { exit share < 80 }'

.PHONY: test-integrations
test-integrations: ## vet and test the integrations with the frameworks and clients that they are for; the first time these are compiled, which takes minutes
	@race=$(RACE); for module in $(INTEGRATIONS); do \
		echo "integration $$module"; $(TOOL) run ./nested "$$module" vet $$race ./... && $(TOOL) run ./nested "$$module" test $$race -shuffle=on -timeout $(TIMEOUT) ./... || exit 1; \
	done

.PHONY: bench-server
bench-server: ## measure `sentrial serve`: what taking events costs, and how long answers take at a million; BENCH='-events 100000' for less, BENCH=-h lists
	$(GO) run ./server/internal/benchserver $(BENCH)

.PHONY: bench-once
bench-once:
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout $(TIMEOUT) $(ALL)

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME=10s
	@set -e; targets=$$($(GO) test -list '^Fuzz' $(ALL)); echo "$$targets" | \
	awk '/^Fuzz/ { name[n++] = $$1 } /^ok/ { for (i = 0; i < n; i++) print $$2, name[i]; n = 0 }' | \
	while read -r package target; do \
		$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package"; \
	done

.PHONY: faults
faults: ## record 20,000 events under each of sixteen faults, 4,000 on the hosted wire, and print what became of them
	$(GO) run ./internal/faulttable
	$(GO) run ./internal/faulttable --wire hosted
	@if [ "$$(id -u)" != 0 ]; then \
		echo 'Rows 31 and 32 are left out: a slow and a lossy network need a network namespace, and that needs root (and ip, tc and iptables).'; \
	else \
		$(GO) -C $(FAULTS) test -tags netns -count=1 -v -timeout $(TIMEOUT) -run '^TestRow3[12]' .; \
	fi

.PHONY: soak
soak: ## deliver SOAK_EVENTS=10000000 events to a server that fails and crashes, and check that none is lost and nothing grows
	$(GO) -C $(FAULTS) run ./soak -events $(SOAK_EVENTS)

.PHONY: torture
torture: ## kill KILLS=1000 processes that share spools, then as many servers, and check that nothing is lost or stored twice; SEED=N for the same choices again
	@race=$(RACE); $(GO) test $$race -count=1 -v -timeout 0 -run '^TestRow40SpoolSurvivesKills$$' . -args -kills $(KILLS) -seed $(SEED)
	@race=$(RACE); $(GO) test $$race -count=1 -v -timeout 0 -run '^TestRow82KilledServer' ./server/e2e -args -kills $(KILLS)

.PHONY: otel-floor
otel-floor: # the workspace has the newer OpenTelemetry that the server's tests need
	GOWORK=off $(GO) test -timeout $(TIMEOUT) ./otelbridge/...

.PHONY: consumer
consumer: ## compile and run a module that uses the public API from outside, with the oldest Go and the newest OpenTelemetry
	$(TOOL) run ./consumercheck

.PHONY: cross
cross: ## compile root and server for the other platforms, without C
	@set -ex; for platform in $(PLATFORMS); do \
		CGO_ENABLED=0 GOOS=$${platform%/*} GOARCH=$${platform#*/} $(GO) build -o /dev/null $(ALL); \
	done

.PHONY: install-check
install-check: ## install the command line tool from packed modules with an empty module cache
	$(TOOL) run ./installcheck
