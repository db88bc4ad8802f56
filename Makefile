# SPDX-License-Identifier: GPL-2.0-only
#
# What people call. The module is built in a copy of its sources under
# build/KVER, so that modules for several kernels live side by side.

KVER ?= $(shell ls -1 /lib/modules 2>/dev/null | while read -r v; do [ -e /lib/modules/$$v/build/Makefile ] && echo $$v; done | sort -V | tail -n 1)
KDIR ?= /lib/modules/$(KVER)/build
OUT ?= build/$(if $(KVER),$(KVER),kernel)
W ?= 1
JOBS ?= $(shell nproc)

.PHONY: all modules tools clean install
all: modules tools

MODULE_SRC := $(shell find kmod include -name '*.[ch]' -o -name Kbuild) Kbuild

modules: deps-build
	@[ -e $(KDIR)/Makefile ] || { echo "no kernel headers in $(KDIR): install linux-headers-amd64, or name them by KDIR= or KVER=" >&2; exit 1; }
	@mkdir -p $(OUT)
	@cp -rup kmod include Kbuild $(OUT)/
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(OUT) W=$(W) $(if $(C),C=$(C)) CONFIG_HAK_TEST=$(HAK_TEST) modules
	@cp -p $(OUT)/kmod/hak.ko $(OUT)/hak.ko
ifeq ($(OUT),build/$(KVER))
	@cp -p $(OUT)/hak.ko hak.ko
endif

tools: deps-build
	$(MAKE) -C userspace

# With what only measurements load: build/KVER/kmod/test.
.PHONY: modules-test
modules-test:
	$(MAKE) modules HAK_TEST=m

.PHONY: deps-build
deps-build:
	@selftests/packages --group build

clean:
	rm -rf build hak.ko
	$(MAKE) -C userspace clean

# The tests. Each step can be run alone: selftests/check STEP...
.PHONY: bench check check-conformance check-debug check-mutants demo shell deps-check module-debug test-tools
deps-check:
	@selftests/packages --group build --group demo --group check

test-tools: deps-check
	$(MAKE) -s -C selftests/tools
	$(MAKE) -s -C selftests/netlink

check: deps-check
	$(MAKE) -s -j $(JOBS) all test-tools
	selftests/check $(STEPS)

module-debug:
	@selftests/packages --group build --group demo --group check --group debug
	$(MAKE) modules HAK_TEST=m OUT=build/debug KDIR="$$(selftests/qemu/kernel --kdir)"

check-debug: deps-check
	$(MAKE) -s -j $(JOBS) all test-tools module-debug
	selftests/check --debug $(STEPS)

# What a packet costs, beside the others; see Documentation/bench.rst.
bench: deps-check
	$(MAKE) -s all test-tools modules-test
	selftests/bench/run

# The table Documentation/conformance.rst: hak, keepalived and FRR row by row. DUTS=hak
# plays one of them, HAK_RUNS=20 what the table claims. Then groups, tracks, pairs of
# each kind with keepalived and FRR, a kernel without IPv6, and all of the balancer's
# cases that `make check` has a part of.
check-conformance: deps-check
	@selftests/packages frr
	$(MAKE) -s all test-tools modules-test
	selftests/conform/run $(DUTS)
	HAK_LANES=1 selftests/check gaps groups kinds no_ipv6 servers

check-mutants: deps-check
	$(MAKE) -s all test-tools
	selftests/mutants/run

demo:
	@selftests/demo/demo

shell:
	@selftests/demo/shell
