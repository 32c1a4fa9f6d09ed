# Each target runs what CONTRIBUTING.md says of it.
SHELL     := bash
.SHELLFLAGS := -eu -o pipefail -c
FUZZTIME  ?= 30s
CHECKS    ?= 10000
BENCHARGS ?=

.PHONY: build test race fuzz bench golden lint soak \
        oracle oracle-go oracle-ecmascript oracle-python oracle-full

# Without C: one static binary, which also starts a millisecond sooner.
build:
	CGO_ENABLED=0 go build -o bin/eddy ./cmd/eddy

test:
	go test ./...

race:
	go test -race ./...

# Every fuzz target of the repository, one after the other.
fuzz:
	@grep -rlE --include='*_test.go' '^func Fuzz' . | while read -r file; do \
	  grep -oE '^func Fuzz[A-Za-z0-9_]*' "$$file" | while read -r _ name; do \
	    echo "==> $$(dirname "$$file") $$name"; \
	    go test -run '^$$' -fuzz "^$$name\$$" -fuzztime '$(FUZZTIME)' "$$(dirname "$$file")"; \
	  done; \
	done

bench:
	bash internal/bench/install.sh
	go run ./internal/bench $(BENCHARGS)
	go run ./internal/bench/resident
	go run ./internal/bench/resident -exports
	go test -run '^$$' -bench '^BenchmarkResolve$$' -cpu 1 -count 5 .

# Writes what the golden tests compare with; read the diff before you commit it.
golden:
	@grep -rlE --include='*_test.go' 'flag\.Bool\("update"' . | xargs -r -n1 dirname | sort -u | while read -r dir; do \
	  go test "$$dir" -update; \
	done

lint:
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

# The oracle tests compare with other programs, which live in .oracle.
oracle: oracle-go oracle-ecmascript oracle-python

oracle-go oracle-ecmascript oracle-python: oracle-%:
	@if [ -f internal/oracle/$*/install.sh ]; then bash internal/oracle/$*/install.sh; \
	 else echo "oracle-$*: nothing to install"; fi

# The large corpora: minutes to download, minutes to compare.
oracle-full: export EDDY_ORACLE_FULL := 1
oracle-full: oracle
	EDDY_ORACLE=required go test -count=1 -timeout 2h ./...

# The property tests over CHECKS random cases each, and the tests that compare
# random cases with an oracle.
soak:
	@grep -rl --include='*_test.go' 'pgregory.net/rapid' . | xargs -r -n1 dirname | sort -u | while read -r dir; do \
	  EDDY_SOAK='$(CHECKS)' go test -count=1 -timeout 12h "$$dir" -rapid.checks='$(CHECKS)'; \
	done
	@grep -rl --include='*_test.go' 'oracle\.Cases(' . | xargs -r -n1 dirname | sort -u | while read -r dir; do \
	  EDDY_SOAK='$(CHECKS)' EDDY_ORACLE=required go test -count=1 -timeout 12h "$$dir" -run Random; \
	done
