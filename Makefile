# SPDX-License-Identifier: GPL-2.0-only
#
# What people call. The module is built in a copy of its sources under
# build/KVER, so that modules for several kernels live side by side.

KVER ?= $(shell ls -1 /lib/modules 2>/dev/null | while read -r v; do [ -e /lib/modules/$$v/build/Makefile ] && echo $$v; done | sort -V | tail -n 1)
KDIR ?= /lib/modules/$(KVER)/build
OUT ?= build/$(if $(KVER),$(KVER),kernel)
W ?= 1

.PHONY: all modules tools clean install
all: modules tools

MODULE_SRC := $(shell find kmod include -name '*.[ch]' -o -name Kbuild) Kbuild

modules: deps-build
	@[ -e $(KDIR)/Makefile ] || { echo "no kernel headers in $(KDIR): install linux-headers-amd64, or name them by KDIR= or KVER=" >&2; exit 1; }
	@mkdir -p $(OUT)
	@cp -rup kmod include Kbuild $(OUT)/
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(OUT) W=$(W) $(if $(C),C=$(C)) modules
	@cp -p $(OUT)/kmod/hak.ko $(OUT)/hak.ko
ifeq ($(OUT),build/$(KVER))
	@cp -p $(OUT)/hak.ko hak.ko
endif

tools: deps-build
	$(MAKE) -C userspace

.PHONY: deps-build
deps-build:
	@selftests/packages --group build

clean:
	rm -rf build hak.ko
	$(MAKE) -C userspace clean
