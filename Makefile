# make demo    sets up what is missing, builds, runs the conformance cases, shows captures
# make test    sets up and runs every check
# make bench   measures mip6 against tshark, each stage alone, the conformance suite, links, and the
#              inspector
# make fuzz    fuzzes each target for FUZZ_SECONDS
# make pcaps   makes the captures in pcaps/ and the schemas anew

CARGO ?= cargo
FUZZ_SECONDS ?= 60
MIP6 = $(or $(CARGO_TARGET_DIR),target)/release/mip6
REPORT = $(or $(CARGO_TARGET_DIR),target)/demo-report

.PHONY: demo test bench fuzz pcaps setup setup-test lint

demo: setup
	$(CARGO) build --release --locked --quiet
	@echo; echo '$$ mip6 conform | tail'
	@$(MIP6) conform | tail -n 4
	@echo; echo '$$ mip6 conform --fault any.ignores-sequence --report demo-report ha.registration.sequence-window'
	@$(MIP6) conform --fault any.ignores-sequence --report $(REPORT) ha.registration.sequence-window \
		|| test $$? = 1
	@echo; echo '$$ mip6 dissect --keys demo-report/… -Y mip6 demo-report/evidence/…'
	@$(MIP6) dissect --keys $(REPORT)/evidence/ha.registration.sequence-window-equal.keys -Y mip6 \
		$(REPORT)/evidence/ha.registration.sequence-window-equal.pcapng 2> /dev/null
	@echo; echo 'The page with verdicts and diagrams: $(REPORT)/index.html'
	@echo; echo '$$ mip6 dissect pcaps/ipsec/registrations.pcapng'
	@$(MIP6) dissect pcaps/ipsec/registrations.pcapng
	@echo; echo '$$ mip6 dissect -V -Y "mip6.mhtype == 5" -c 1 pcaps/mip6/correspondent-registration.pcapng'
	@$(MIP6) dissect -V -Y 'mip6.mhtype == 5' -c 1 pcaps/mip6/correspondent-registration.pcapng
	@echo; echo '$$ mip6 check --alone pcaps/mip6/checksums.pcapng pcaps/ipsec'
	@$(MIP6) check --alone pcaps/mip6/checksums.pcapng pcaps/ipsec \
		|| test $$? = 1
	@echo; echo '$$ mip6 dissect --steps -c 1 --keys pcaps/ipsec/policy.keys pcaps/ipsec/policy.pcapng'
	@$(MIP6) dissect --steps -c 1 --keys pcaps/ipsec/policy.keys pcaps/ipsec/policy.pcapng 2> /dev/null
	@echo; echo '$$ mip6 check --select IPSEC-SPD --keys pcaps/ipsec/policy.keys pcaps/ipsec/policy.pcapng'
	@$(MIP6) check --select IPSEC-SPD --keys pcaps/ipsec/policy.keys pcaps/ipsec/policy.pcapng \
		2> /dev/null || test $$? = 1
	@echo; echo '$$ mip6 bindings pcaps/conversations/registrations.pcapng'
	@$(MIP6) bindings pcaps/conversations/registrations.pcapng
	@echo
	@echo 'These captures break requirements on purpose: `mip6 check` ended with 1, as a gate would.'

test: setup-test lint
	RUST_TEST_THREADS=4 $(CARGO) test --workspace --locked
	$(CARGO) build --locked --no-default-features
	tools/fuzz-smoke

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --locked --quiet

bench: setup-test
	$(CARGO) bench --locked --bench tshark
	$(CARGO) bench --locked --bench stages
	$(CARGO) bench --locked --bench conform
	$(CARGO) bench --locked --bench tui
	$(CARGO) bench --locked --bench tui_live
	$(CARGO) bench --locked -p mip6-inject --bench veth
	$(CARGO) bench --locked --bench live
	$(CARGO) bench --locked --bench round_trip

fuzz:
	FUZZ_SECONDS=$(FUZZ_SECONDS) tools/fuzz-smoke

pcaps:
	$(CARGO) run --quiet --locked -p mip6-testkit -- pcaps pcaps
	for of in dissect check rules baseline profile keys bindings case conform run spec node subject; do \
		$(CARGO) run --quiet --locked -- schema $$of > schemas/$$of.json || exit 1; done

# What a build needs besides Rust, and what tests need besides a build.
setup:
	@tools/setup

setup-test:
	@tools/setup test
