#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""hak.yaml, the uapi header and the kernel's policy tables say the same.

The header and kmod/nl/policy.c are not parsed but compiled on the host, with
stand-ins for the few kernel headers that the policy needs, and asked for what
they hold. What is checked:

  - each command, attribute, enumerator and constant of hak.yaml has its number
    in the header, and the header has none that hak.yaml lacks;
  - each policy table accepts what hak.yaml says for its command, with the same
    type, range and length, and nothing else;
  - each command that hak.yaml describes has an operation in kmod/nl/family.c
    with the policy, the do and the dump of that name, and no other has.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SPEC = "Documentation/netlink/specs/hak.yaml"
HEADER = "include/uapi/linux/hak.h"
POLICY = "kmod/nl/policy.c"
POLICY_H = "kmod/nl/policy.h"
FAMILY = "kmod/nl/family.c"

# Stands in for <net/netlink.h>; the names are the kernel's, the values ours.
NETLINK_H = r"""
#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
typedef uint8_t u8; typedef uint16_t u16; typedef uint32_t u32;
typedef uint64_t u64; typedef int16_t s16; typedef int32_t s32;
enum { NLA_UNSPEC, NLA_U32, NLA_U64, NLA_S32, NLA_NUL_STRING, NLA_BINARY,
       NLA_NESTED, NLA_REJECT };
enum { NLA_VALIDATE_NONE, NLA_VALIDATE_RANGE, NLA_VALIDATE_MIN,
       NLA_VALIDATE_MAX, NLA_VALIDATE_MASK, NLA_VALIDATE_RANGE_PTR,
       NLA_VALIDATE_FUNCTION };
struct nlattr { u16 nla_len, nla_type; };
struct netlink_ext_ack { const char *msg; };
struct netlink_range_validation { u64 min, max; };
struct nla_policy {
	u8 type, validation_type;
	u16 len;
	union {
		u32 mask;
		const char *reject_message;
		const struct nla_policy *nested_policy;
		const struct netlink_range_validation *range;
		struct { s16 min, max; };
		int (*validate)(const struct nlattr *, struct netlink_ext_ack *);
	};
};
static inline const void *nla_data(const struct nlattr *a) { return a + 1; }
static inline int nla_len(const struct nlattr *a) { return a->nla_len - 4; }
#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define NL_SET_ERR_MSG_ATTR(e, a, m) ((e)->msg = (m))
#define NLA_POLICY_NESTED(p) { .type = NLA_NESTED, .nested_policy = p, .len = ARRAY_SIZE(p) - 1 }
#define NLA_POLICY_RANGE(t, lo, hi) { .type = t, .validation_type = NLA_VALIDATE_RANGE, .min = lo, .max = hi }
#define NLA_POLICY_MIN(t, lo) { .type = t, .validation_type = NLA_VALIDATE_MIN, .min = lo }
#define NLA_POLICY_MAX(t, hi) { .type = t, .validation_type = NLA_VALIDATE_MAX, .max = hi }
#define NLA_POLICY_MASK(t, m) { .type = t, .validation_type = NLA_VALIDATE_MASK, .mask = m }
#define NLA_POLICY_FULL_RANGE(t, r) { .type = t, .validation_type = NLA_VALIDATE_RANGE_PTR, .range = r }
#define NLA_POLICY_VALIDATE_FN(t, f, ...) { .type = t, .validation_type = NLA_VALIDATE_FUNCTION, .validate = f, .len = __VA_ARGS__ + 0 }
#define NLA_POLICY_EXACT_LEN(n) NLA_POLICY_RANGE(NLA_BINARY, n, n)
#define NLA_POLICY_MIN_LEN(n) NLA_POLICY_MIN(NLA_BINARY, n)
"""
STANDINS = {
    "net/netlink.h": NETLINK_H,
    "linux/ctype.h": "#include <ctype.h>\n",
    "linux/if.h": "#include <net/if.h>\n",
    "linux/netdevice.h": "#include <stdbool.h>\nbool dev_valid_name(const char *name);\n",
    "linux/string.h": "#include <string.h>\n",
}
PRINT_C = r"""
#include <stdio.h>
#include "policy.c"
bool dev_valid_name(const char *name) { return name; }
static const char *types[] = { "unspec", "u32", "u64", "s32", "string", "binary", "nest", "reject" };
struct table { const char *name; const struct nla_policy *p; size_t n; };
static const struct table tables[] = { @TABLES@ };
static const char *table_name(const struct nla_policy *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (tables[i].p == p)
			return tables[i].name;
	return "";
}
static void entry(size_t i, const struct nla_policy *p)
{
	printf("{\"id\":%zu,\"type\":\"%s\",\"len\":%u", i, types[p->type], p->len);
	if (p->type == NLA_NESTED)
		printf(",\"nested\":\"%s\"", table_name(p->nested_policy));
	else if (p->type == NLA_REJECT)
		printf(",\"text\":\"%s\"", p->reject_message);
	else switch (p->validation_type) {
	case NLA_VALIDATE_RANGE:
		printf(",\"min\":%d,\"max\":%d", p->min, p->max);
		break;
	case NLA_VALIDATE_MIN:
		printf(",\"min\":%d", p->min);
		break;
	case NLA_VALIDATE_MAX:
		printf(",\"max\":%d", p->max);
		break;
	case NLA_VALIDATE_MASK:
		printf(",\"mask\":%u", p->mask);
		break;
	case NLA_VALIDATE_RANGE_PTR:
		printf(",\"min\":%llu,\"max\":%llu", (unsigned long long)p->range->min,
		       (unsigned long long)p->range->max);
		break;
	}
	printf("}");
}
int main(void)
{
	printf("{\"numbers\":{\"\":0");
@NUMBERS@
	printf("},\"tables\":{\"\":[]");
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
		printf(",\n\"%s\":[", tables[t].name);
		for (size_t i = 0; i < tables[t].n; i++) {
			printf(i ? "," : "");
			entry(i, &tables[t].p[i]);
		}
		printf("]");
	}
	printf("}}\n");
	return 0;
}
"""
# What the header has besides: ends of enums, masks, names, a base.
NOT_IN_SPEC = re.compile(r"^(__HAK_\w+|HAK_\w+_MAX|HAK_\w+_F_ALL|HAK_GENL_(NAME|VERSION)|"
                         r"HAK_MCGRP_\w+|HAK_A_STAT_DROP_BASE)$")
# Policies of nests that are not the nest of one command's object.
OTHER_SETS = {
    "hak_nl_router_attrs_words": "vip-new-words-in",
    "hak_nl_router_attrs_peer": "router-peers",
    "hak_nl_router_attrs_track": "router-tracks",
    "hak_nl_group_attrs_tracks": "group-tracks",
    "hak_nl_router_track_attrs": "router-track-in",
    "hak_nl_pool_attrs_checks": "pool-checks",
    "hak_nl_server_attrs_checks": "server-checks",
}


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def c_name(prefix, name):
    return (prefix + name).replace("-", "_").upper()


class Spec:
    def __init__(self):
        self.doc = yaml.safe_load(read(SPEC))
        self.sets = {s["name"]: s for s in self.doc["attribute-sets"]}
        self.defs = {d["name"]: d for d in self.doc["definitions"]}
        self.ops = {o["name"]: o for o in self.doc["operations"]["list"]}

    def base(self, name):
        return self.sets[self.sets[name].get("subset-of", name)]

    def attribute(self, set_name, attr_name):
        return next((a for a in self.base(set_name)["attributes"] if a["name"] == attr_name), None)

    def numbers(self):
        """(C name, number) of everything that is named."""
        for d in self.defs.values():
            if d["type"] == "const":
                yield c_name("hak-", d["name"]), d["value"]
                continue
            value = d.get("value-start", 0)
            for e in d["entries"]:
                e = e if isinstance(e, dict) else {"name": e}
                value = e.get("value", value)
                yield c_name(d["name-prefix"], e["name"]), 1 << value if d["type"] == "flags" else value
                value += 1
        for s in self.sets.values():
            if "subset-of" in s:
                continue
            for a in s["attributes"]:
                yield c_name(s["name-prefix"], a["name"]), a["value"]
        for o in self.ops.values():
            yield c_name("hak-cmd-", o["name"]), o["value"]

    def subset_mistakes(self):
        for s in self.sets.values():
            for a in s["attributes"]:
                of = self.attribute(s["name"], a["name"])
                if of is None:
                    yield f"{s['name']}: {a['name']} is not in {s['subset-of']}"
                elif a.get("value", of["value"]) != of["value"]:
                    yield f"{s['name']}: {a['name']} has another number than in {s['subset-of']}"
                nested = a.get("nested-attributes")
                if nested and nested not in self.sets:
                    yield f"{s['name']}: {a['name']}: no set {nested}"
                if a.get("enum") and a["enum"] not in self.defs:
                    yield f"{s['name']}: {a['name']}: no enum {a['enum']}"


def header_names():
    text = re.sub(r"/\*.*?\*/", "", read(HEADER), flags=re.S)
    names = set(re.findall(r"^#define\s+(HAK_\w+)\s", text, flags=re.M))
    for body in re.findall(r"\benum\s+\w+\s*\{(.*?)\}", text, flags=re.S):
        names |= {e.split("=")[0].strip() for e in body.split(",")} - {""}
    return names


def table_names():
    names = re.findall(r"^extern const struct nla_policy (\w+)\[", read(POLICY_H), flags=re.M)
    return names + re.findall(r"^static const struct nla_policy (\w+)\[", read(POLICY), flags=re.M)


def compiled(spec):
    """What the compiler makes of the header and of the policy."""
    numbers = [n for n, _ in spec.numbers() if not is_drop_stat(n)]
    numbers = [n for n in dict.fromkeys(numbers) if n in header_names()] + ["HAK_A_STAT_DROP_BASE"]
    source = PRINT_C.replace("@TABLES@", ", ".join(
        f'{{ "{t}", {t}, ARRAY_SIZE({t}) }}' for t in table_names()))
    source = source.replace("@NUMBERS@", "\n".join(
        f'\tprintf(",\\n\\"{n}\\":%lld", (long long){n});' for n in numbers))
    with tempfile.TemporaryDirectory() as tmp:
        for path, text in STANDINS.items():
            path = os.path.join(tmp, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        with open(os.path.join(tmp, "print.c"), "w", encoding="utf-8") as f:
            f.write(source)
        exe = os.path.join(tmp, "print")
        subprocess.run([os.environ.get("CC", "gcc"), "-std=gnu11", "-w", "-I", tmp,
                        "-I", os.path.join(TOP, "include/uapi"),
                        "-iquote", os.path.join(TOP, "kmod/nl"),
                        "-o", exe, os.path.join(tmp, "print.c")], check=True)
        out = subprocess.run([exe], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)


def is_drop_stat(name):
    """Counters of drops have no names of their own in the header."""
    return name.startswith("HAK_A_STAT_DROP_") and name != "HAK_A_STAT_DROP_BASE"


def check_numbers(spec, found):
    numbers = found["numbers"]
    for name, value in spec.numbers():
        if is_drop_stat(name):
            reason = numbers.get(name.replace("HAK_A_STAT_", "HAK_"))
            want = None if reason is None else numbers["HAK_A_STAT_DROP_BASE"] + reason
        else:
            want = numbers.get(name)
        if want is None:
            yield f"{name} is not in the header"
        elif want != value:
            yield f"{name} is {want} in the header, {value} in the spec"


def check_header(spec):
    known = {n for n, _ in spec.numbers()}
    for name in sorted(header_names()):
        if name not in known and not NOT_IN_SPEC.match(name):
            yield f"{name} is not in the spec"


def check_drops(spec):
    stats = {a["name"] for a in spec.sets["router-stats"]["attributes"]}
    for e in spec.defs["drop"]["entries"]:
        name = e if isinstance(e, str) else e["name"]
        if name != "none" and "drop-" + name not in stats:
            yield f"no counter for {name}"


def expected(spec, attr):
    """The policy entry that an attribute of the spec asks for."""
    checks = attr.get("checks", {})
    want = {"type": attr["type"]}
    for key in ("min", "max"):
        if key in checks:
            want[key] = checks[key]
    if "flags-mask" in checks:
        want["mask"] = (1 << len(spec.defs[checks["flags-mask"]]["entries"])) - 1
    if attr["type"] in ("string", "binary"):
        want["len"] = checks.get("max-len", 0)
    enum = spec.defs.get(attr.get("enum"))
    if enum and enum["type"] == "enum" and "max" in checks and \
            checks["max"] > enum.get("value-start", 0) + len(enum["entries"]) - 1:
        want["max"] = f"an enumerator of {enum['name']}"
    return want


def compare_table(spec, table, entries, set_name, allowed):
    ids = {spec.attribute(set_name, a)["value"]: a for a in allowed}
    for e in entries:
        if e["id"] in ids:
            attr = spec.attribute(set_name, ids[e["id"]])
            for key, value in expected(spec, attr).items():
                if e.get(key) != value:
                    yield f"{table}: {attr['name']}: {key} is {e.get(key)}, in the spec {value}"
            for key in ("min", "max", "mask"):
                if key in e and key not in expected(spec, attr):
                    yield f"{table}: {attr['name']}: {key} {e[key]} is not in the spec"
        elif e["type"] not in ("unspec", "reject"):
            yield f"{table}: accepts number {e['id']}, which {set_name} does not"
    for number, name in ids.items():
        if number >= len(entries) or entries[number]["type"] in ("unspec", "reject"):
            yield f"{table}: does not accept {name} of {set_name}"


def object_of(op):
    return op.split("-")[0].replace("history", "router")


def request(op):
    names = []
    for mode in ("do", "dump"):
        if mode in op:
            names += op[mode].get("request", {}).get("attributes", [])
    return list(dict.fromkeys(names))


def check_policies(spec, found):
    tables, seen = found["tables"], {"", "op_policy"}
    yield from compare_table(spec, "op_policy", tables["op_policy"], "op",
                             [a["name"] for a in spec.sets["op"]["attributes"]])
    for name, op in spec.ops.items():
        if not request(op):
            continue
        top = f"hak_nl_{name.replace('-', '_')}_policy"
        if top not in tables:
            yield f"{name}: no table {top}"
            continue
        seen.add(top)
        yield from compare_table(spec, top, tables[top], "hak", request(op))
        yield from check_nests(spec, name, op, tables, top, seen)
    for table, set_name in OTHER_SETS.items():
        if table in tables:
            seen.add(table)
            yield from compare_table(spec, table, tables[table], set_name,
                                     [a["name"] for a in spec.sets[set_name]["attributes"]])
    for table in sorted(set(tables) - seen):
        yield f"{table}: nothing in the spec is compared with it"


def check_nests(spec, name, op, tables, top, seen):
    for attr_name in request(op):
        attr = spec.attribute("hak", attr_name)
        if attr["type"] != "nest":
            continue
        nested = tables[top][attr["value"]].get("nested")
        if name == "config-apply":
            set_name = "op"
        elif attr_name != object_of(name):
            set_name = f"{name}-words-in"
        else:
            set_name = f"{name}-in"
        if set_name not in spec.sets:
            yield f"{name}: no set {set_name}"
            continue
        if not nested:
            yield f"{top}: {attr_name} has no policy"
            continue
        allowed = [a["name"] for a in spec.sets[set_name]["attributes"]]
        seen.add(nested)
        yield from compare_table(spec, f"{top}: {nested}", tables[nested], set_name, allowed)


def check_reserved(spec, found):
    """A reserved attribute of a router is refused with a sentence."""
    for table in ("hak_nl_router_attrs_new", "hak_nl_router_attrs_set", "hak_nl_router_attrs_words"):
        entries = found["tables"][table]
        for a in spec.sets["router"]["attributes"]:
            if a.get("doc") != "reserved" or a["name"] == "peer":
                continue
            text = entries[a["value"]].get("text", "") if a["value"] < len(entries) else ""
            if "is not in this version of hak" not in text:
                yield f"{table}: {a['name']} is reserved and not refused with a sentence"


def check_family(spec):
    text = read(FAMILY)
    table = re.search(r"struct genl_ops ops\[\] = \{(.*?)^\};", text, flags=re.S | re.M)
    ops = {}
    for body in re.split(r"\}, \{", table[1]):
        name = re.search(r"\.cmd = HAK_CMD_(\w+),", body)
        ops[name[1].lower().replace("_", "-")] = body
    for name, op in spec.ops.items():
        body = ops.pop(name, None)
        if "do" not in op and "dump" not in op:
            if body:
                yield f"{name} has an operation and is reserved or an event in the spec"
            continue
        if not body:
            yield f"{name} has no operation"
            continue
        for mode, member in (("do", ".doit ="), ("dump", ".dumpit =")):
            if (mode in op) != (member in body):
                yield f"{name}: {mode} is in one of spec and family only"
        policy = re.search(r"POLICY\((\w+)\)", body)
        want = f"hak_nl_{name.replace('-', '_')}_policy" if request(op) else None
        if (policy and policy[1]) != want:
            yield f"{name}: policy is {policy and policy[1]}, not {want}"
        reads = f"case HAK_CMD_{name.replace('-', '_').upper()}:" in text
        if reads == ("admin-perm" in op.get("flags", [])):
            yield f"{name}: spec and family disagree on who may"
    for name in ops:
        yield f"{name} is not in the spec"


def main():
    spec = Spec()
    found = compiled(spec)
    cases = [
        (f"there is something to compare ({len(found['numbers'])} numbers,"
         f" {len(found['tables'])} tables)",
         [] if len(found["numbers"]) > 200 and len(found["tables"]) > 20 else ["too few"]),
        ("hak.yaml is consistent in itself", list(spec.subset_mistakes())),
        ("the header has the numbers of hak.yaml", list(check_numbers(spec, found))),
        ("hak.yaml has all numbers of the header", list(check_header(spec))),
        ("each reason of a drop has a counter", list(check_drops(spec))),
        ("the policy tables accept what hak.yaml says", list(check_policies(spec, found))),
        ("what is reserved is refused with a sentence", list(check_reserved(spec, found))),
        ("the operations are those of hak.yaml", list(check_family(spec))),
    ]
    print("TAP version 13")
    for number, (text, wrong) in enumerate(cases, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {text}")
        for line in wrong:
            print(f"# {line}")
    print(f"1..{len(cases)}")
    return 1 if any(w for _, w in cases) else 0


if __name__ == "__main__":
    sys.exit(main())
