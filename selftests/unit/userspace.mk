# SPDX-License-Identifier: GPL-2.0-only
#
# unit-userspace     unit tests of userspace/lib and of the runner of hakcheck, TAP
# fuzz-userspace     the fuzzers of words and files, FUZZ_SECONDS each, TAP
#
# To be included from any folder of the tree.

us_dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
us_top := $(us_dir)/../..
us_fuzz := $(us_top)/selftests/fuzz
us_build := $(abspath $(us_dir))/build/userspace
FUZZ_SECONDS ?= 60
CLANG ?= clang-14

us_lib := $(sort $(wildcard $(us_top)/userspace/lib/*.c))
us_runner := $(us_top)/userspace/hakcheck/runner.c
us_tests := $(sort $(wildcard $(us_dir)/userspace_*.c)) $(us_dir)/tap.c
us_deps := $(us_tests) $(us_lib) $(us_runner) $(wildcard $(us_dir)/userspace_*.h) $(us_dir)/tap.h \
	$(wildcard $(us_top)/userspace/lib/*.h $(us_top)/userspace/hakcheck/*.h) \
	$(us_top)/include/uapi/linux/hak.h $(us_dir)/userspace.mk

us_flags := -g -O1 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fno-omit-frame-pointer \
	-fno-sanitize-recover=all -I$(us_dir) -I$(us_top)/userspace/lib \
	-I$(us_top)/userspace/hakcheck -I$(us_top)/include/uapi
us_pkgs := libnl-genl-3.0 libkmod
us_cflags = $(us_flags) $(shell pkg-config --cflags $(us_pkgs))
us_libs = $(shell pkg-config --libs $(us_pkgs))

unit-userspace: $(us_build)/userspace-tests
	@HAK_RUN_DIR=$(us_build)/run $< $(us_dir)/fixtures

$(us_build)/userspace-tests: $(us_deps)
	@mkdir -p $(@D)
	$(CC) $(us_cflags) -fsanitize=address,undefined -o $@ $(us_tests) $(us_lib) $(us_runner) \
		$(us_libs)

# What parses words needs neither netlink nor the module.
us_fuzz_lib := $(addprefix $(us_top)/userspace/lib/,aim.c conf.c diff.c error.c finish.c \
	finish_router.c model.c object.c object_check.c object_conn.c object_group.c object_lb.c \
	object_pool.c object_route.c object_router.c \
	object_server.c object_service.c object_track.c object_vip.c parse.c split.c suggest.c \
	util.c value.c)
us_fuzzers := fuzz_words fuzz_conf

$(us_fuzzers:%=$(us_build)/%): $(us_build)/%: $(us_fuzz)/%.c $(us_fuzz)/fuzz_userspace.h $(us_deps)
	@mkdir -p $(@D)
	$(CLANG) $(us_flags) -fsanitize=fuzzer,address,undefined -I$(us_fuzz) -o $@ $< $(us_fuzz_lib)

fuzz-userspace: $(us_fuzzers:%=$(us_build)/%)
	@cd $(us_fuzz) && ./run.sh $(us_build) $(FUZZ_USER_SECONDS) $(us_fuzzers)

.PHONY: unit-userspace fuzz-userspace
