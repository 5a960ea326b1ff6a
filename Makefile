# The default target of this Makefile is...
all:

# Define V=1 to see the commands.
# Define SANITIZE=address,undefined to build and test under sanitizers.
# Define FAULTS=1 for the test build that can fail on demand (build/fault).
# Define VALGRIND=1 to run the unit tests under valgrind.
# Define JOBS to the number of test scripts that run at the same time.
# Define FUZZ_TIME to the seconds each fuzz target runs.
# PROVE_FLAGS goes to prove; -v shows every test.

prefix ?= /usr/local
bindir ?= $(prefix)/bin
libexecdir ?= $(prefix)/libexec/git-release
mandir ?= $(prefix)/share/man
bashcompdir ?= $(prefix)/share/bash-completion/completions
zshcompdir ?= $(prefix)/share/zsh/site-functions
fishconfdir ?= $(prefix)/share/fish/vendor_conf.d
CC ?= cc
AR ?= ar
VERSION := $(shell sed -n 's/^\#\# \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md 2>/dev/null | head -n 1)
MACHINE := $(shell uname -m)

CFLAGS ?= -g -O2
WARN = -Wall -Wextra -Werror -Wshadow -Wvla -Wformat=2 -Wundef \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wwrite-strings -Wpointer-arith -Wno-missing-field-initializers

# What this compiler and linker know of the hardening flags.
works = $(shell $(CC) -Werror $(1) -x c -c -o /dev/null - </dev/null \
	2>/dev/null && echo '$(1)')
HARDEN = -fstack-protector-strong $(call works,-fstack-clash-protection) \
	$(call works,-fcf-protection=full) \
	$(call works,-ftrivial-auto-var-init=zero) \
	$(if $(filter aarch64,$(MACHINE)),-mbranch-protection=standard) \
	-fno-strict-overflow -fno-delete-null-pointer-checks -fPIE \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
HARDEN := $(HARDEN)
# Only the libraries a program uses: each costs time at every start.
HARDEN_LD = -pie -Wl,--as-needed,-z,relro,-z,now,-z,noexecstack
WARN := $(WARN) $(call works,-Wjump-misses-init)

ALL_CFLAGS = -std=gnu17 -I. $(WARN) $(CFLAGS)
ifdef SANITIZE
  ALL_CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -O1 -fPIE
  ALL_LDFLAGS = $(LDFLAGS) -pie
  # The sanitizers' run-time libraries cannot be linked statically.
  AGENT_LDFLAGS = $(LDFLAGS) -pie
  BUILD ?= build/sanitize
else
  ALL_CFLAGS += $(HARDEN) -ffunction-sections -fdata-sections
  ALL_LDFLAGS = $(LDFLAGS) $(HARDEN_LD)
  AGENT_LDFLAGS = $(LDFLAGS) -static-pie -Wl,--gc-sections,-s \
	-Wl,-z,relro,-z,now,-z,noexecstack
endif
ifdef FAULTS
  ALL_CFLAGS += -DFAULT_POINTS
  BUILD ?= build/fault
endif
ifndef V
  Q = @
  SAY = @printf '    %-7s %s\n'
else
  SAY = @:
endif

# Objects and programs apart: "git-release" is a folder and a program.
BUILD ?= build
B = $(BUILD)/obj
BIN = $(BUILD)/bin
LIBEXEC = $(BUILD)/libexec/git-release
AGENT = $(LIBEXEC)/agent-$(MACHINE)

# Only these layers go into the agent: it links static and stays small.
AGENT_LAYERS = base sys text wire agent
AGENT_SRC = $(foreach l,$(AGENT_LAYERS),$(wildcard common/$(l)/*.c))
LIB_SRC = $(filter-out common/agent/agent_main.c,$(wildcard common/*/*.c))
# A program is a folder with a main.c; what decides (neither main.c nor a
# command) is also in an archive, where tests find it.
PROGRAMS = git-release git-branch-sync git-drift git-serversync
git-release_DIR = git-release
git-branch-sync_DIR = git-release/branch-sync
git-drift_DIR = git-drift
git-serversync_DIR = git-serversync
program_src = $(wildcard $($1_DIR)/*.c)
CORE_SRC = $(foreach p,$(PROGRAMS),$(filter-out %/main.c \
	$($p_DIR)/cmd_%.c,$(call program_src,$p)))
UNIT_SRC = $(wildcard tests/unit/test_*.c)
UNITS = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)
# The 3000s need the build that can fail on demand.
FAULT_TESTS = $(wildcard tests/e2e/t30*.sh)
E2E = $(filter-out $(FAULT_TESTS),$(wildcard tests/e2e/t*.sh))
LINTS = $(filter-out %/lint-lib.sh,$(wildcard tests/lint/*.sh))
FUZZ_SRC = $(wildcard tests/fuzz/fuzz_*.c)
FUZZERS = $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/fuzz/%)
obj = $(1:%.c=$(B)/%.o)

AGENT_LIBS = -lzstd -lcrypto
LIBS = -lgit2 -lzip -lssh2 -lcurl -ljansson -lyaml $(AGENT_LIBS) -lz -lpthread
# Programs that only tests use.
TEST_BIN = $(addprefix $(BUILD)/tests/,agent-drive ignore-probe lying-agent \
	open-race pipe-probe random-history review-drive root-check \
	scan-drive swapper wire-cut)

all: $(PROGRAMS:%=$(BIN)/%) $(AGENT) $(AGENT).gz

# Rebuild when the flags change, so CC=clang needs no "make clean".
FLAGS_NOW = $(CC) $(ALL_CFLAGS) $(VERSION)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' >$@

$(B)/common/ui/program.o: override ALL_CFLAGS += -DVERSION='"$(or $(VERSION),0.0.0)"'

$(B)/%.o: %.c $(B)/flags
	$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/libcommon.a: $(call obj,$(LIB_SRC))
	$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define link_program
$$(BIN)/$1: $$(call obj,$$(call program_src,$1)) $$(B)/libcommon.a
	$$(SAY) LINK $$@
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call link_program,$p)))

# What the assembler puts into it.
$(B)/git-drift/drift_page_assets.o: git-drift/drift_page.css git-drift/drift_page.js

# One safety step taken out (common/sys/fault.h), to see a test catch it.
$(B)/common/agent/%.o: override ALL_CFLAGS += $(MUTANT)

$(AGENT): $(call obj,$(AGENT_SRC))
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(AGENT_LDFLAGS) -o $@ $^ $(AGENT_LIBS)

# As it is sent to a server.
$(AGENT).gz: $(AGENT)
	$(Q)gzip -9nc $< >$@+ && mv $@+ $@

# An archive: a test gets what it uses, not what only main.c can complete.
$(B)/libcore.a: $(call obj,$(CORE_SRC))
	$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/unit/%: $(B)/tests/unit/%.o $(B)/libcore.a $(B)/libcommon.a
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBS)

$(BUILD)/tests/root-check: $(B)/tests/lib/root_files.o
$(BUILD)/tests/lying-agent: $(B)/tests/lib/lying_scan.o
$(BUILD)/tests/review-drive: $(B)/libcore.a

$(BUILD)/tests/%: $(B)/tests/lib/%.o $(B)/libcommon.a
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o %/libcore.a,$^) $(B)/libcommon.a $(LIBS)

$(BUILD)/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libcore.a $(B)/libcommon.a
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

JOBS ?= 2
FUZZ_TIME ?= 20
PROVE = prove --failures -j$(JOBS) $(if $(V),-v) $(PROVE_FLAGS)
TEST_ENV = GIT_RELEASE_BUILD='$(abspath $(BUILD))' CC='$(CC)'

# Everything that must hold before a change lands.
check: lint check-unit check-e2e check-fault-quick

lint: all
	$(Q)$(TEST_ENV) $(PROVE) --comments $(LINTS)

units: $(UNITS)

check-unit: $(UNITS)
	$(Q)CMOCKA_MESSAGE_OUTPUT=TAP $(PROVE) \
		-e '$(if $(VALGRIND),valgrind -q --leak-check=full --error-exitcode=9)' $(UNITS)

check-e2e: all $(TEST_BIN) forge-api
	$(Q)$(TEST_ENV) $(PROVE) --comments $(E2E)

# From npm, once. Without it one script fails, and says so.
forge-api:
	-$(Q)sh tests/lib/forge-api.sh build/forge-api

# Failure on demand at every step, in a build of its own. The quick form
# belongs to "check" and must stay below 3 minutes.
check-fault:
	$(Q)$(MAKE) FAULTS=1 BUILD='$(BUILD)/fault' test-programs
ifneq ($(FAULT_TESTS),)
	$(Q)GIT_RELEASE_BUILD='$(abspath $(BUILD))/fault' \
		TEST_TIMEOUT=$(or $(TEST_TIMEOUT),$(if $(FAULT_QUICK),300,7200)) \
		FAULT_QUICK=$(FAULT_QUICK) $(PROVE) --comments $(FAULT_TESTS)
endif

test-programs: all $(TEST_BIN)

check-fault-quick:
	$(Q)$(MAKE) FAULT_QUICK=1 check-fault

# Each target looks for trouble for FUZZ_TIME seconds; what it learned stays
# in build/fuzz/corpus for the next time.
fuzz:
	$(Q)$(MAKE) CC=clang BUILD='$(BUILD)/fuzz' \
		SANITIZE=address,undefined,fuzzer-no-link fuzz-build
	$(Q)tests/fuzz/run.sh '$(BUILD)/fuzz' $(FUZZ_TIME)

fuzz-build: $(FUZZERS)

bench: all
	$(Q)$(TEST_ENV) tests/bench/run.sh

# From nothing to a release and back, for somebody who has just cloned this.
demo:
	$(Q)bash .ci/deps build
	$(Q)$(MAKE) all
	$(Q)$(TEST_ENV) sh tests/lib/demo.sh

install: all
	install -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(libexecdir)' \
		'$(DESTDIR)$(bashcompdir)' '$(DESTDIR)$(zshcompdir)' \
		'$(DESTDIR)$(fishconfdir)'
	install $(PROGRAMS:%=$(BIN)/%) '$(DESTDIR)$(bindir)'
	install $(AGENT) '$(DESTDIR)$(libexecdir)'
	install -m 644 $(AGENT).gz '$(DESTDIR)$(libexecdir)'
	$(foreach p,$(PROGRAMS),install -m 644 $($p_DIR)/$p.bash '$(DESTDIR)$(bashcompdir)/$p' &&) :
	$(foreach p,$(PROGRAMS),install -m 644 $($p_DIR)/$p.zsh '$(DESTDIR)$(zshcompdir)/_$p' &&) :
	$(foreach p,$(PROGRAMS),install -m 644 $($p_DIR)/$p.fish '$(DESTDIR)$(fishconfdir)' &&) :
	$(foreach n,1 5 7,$(if $(wildcard man/*.$(n)),install -d '$(DESTDIR)$(mandir)/man$(n)' && install -m 644 $(wildcard man/*.$(n)) '$(DESTDIR)$(mandir)/man$(n)' &&)) :
	@tests/lib/other-git-release.sh '$(bindir)'

uninstall:
	rm -f $(foreach p,$(PROGRAMS),'$(DESTDIR)$(bindir)/$p' \
		'$(DESTDIR)$(bashcompdir)/$p' '$(DESTDIR)$(zshcompdir)/_$p' \
		'$(DESTDIR)$(fishconfdir)/$p.fish')
	rm -f '$(DESTDIR)$(libexecdir)'/agent-*
	-rmdir '$(DESTDIR)$(libexecdir)' 2>/dev/null
	rm -f $(foreach n,1 5 7,$(patsubst man/%,'$(DESTDIR)$(mandir)/man$(n)/%',$(wildcard man/*.$(n))))

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
FORCE:
.PHONY: FORCE all bench check check-e2e check-fault check-fault-quick \
	check-unit clean demo forge-api fuzz fuzz-build install lint test-programs uninstall units
.SECONDARY:
.DELETE_ON_ERROR:
