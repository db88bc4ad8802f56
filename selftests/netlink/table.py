#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print the attributes and commands of a genetlink specification as C tables."""

import sys

import yaml

KINDS = {
    "pad": "K_PAD", "u8": "K_U8", "u16": "K_U16", "u32": "K_U32", "u64": "K_U64",
    "s32": "K_S32", "s64": "K_S64", "uint": "K_U64", "sint": "K_S64",
    "string": "K_STRING", "binary": "K_BINARY", "flag": "K_FLAG",
    "nest": "K_NEST", "indexed-array": "K_NEST", "array-nest": "K_NEST",
    "nest-type-value": "K_NEST", "unused": None,
}
WIDTH = {"u8": 8, "u16": 16, "u32": 32, "u64": 64, "uint": 64}


def c_name(text):
    return text.replace("-", "_")


class Spec:
    def __init__(self, doc):
        self.doc = doc
        self.consts = {}
        self.enums = {}
        for entry in doc.get("definitions", []):
            if entry["type"] == "const":
                self.consts[entry["name"]] = entry["value"]
            elif entry["type"] in ("enum", "flags"):
                self.enums[entry["name"]] = self.enum_values(entry)
        self.sets = [s for s in doc["attribute-sets"]]
        self.index = {s["name"]: i for i, s in enumerate(self.sets)}

    @staticmethod
    def enum_values(entry):
        value = entry.get("value-start", 0)
        values = []
        for item in entry["entries"]:
            if isinstance(item, dict) and "value" in item:
                value = item["value"]
            values.append(1 << value if entry["type"] == "flags" else value)
            value += 1
        return values

    def number(self, value):
        if isinstance(value, int):
            return value
        if value in self.consts:
            return int(self.consts[value])
        limits = {"u8-max": 2**8 - 1, "u16-max": 2**16 - 1, "u32-max": 2**32 - 1,
                  "s32-max": 2**31 - 1, "s32-min": -2**31, "u64-max": 2**64 - 1}
        if value in limits:
            return limits[value]
        return int(value, 0)

    def attributes(self, attr_set):
        """(name, id, attribute) of a set, ids counted as the schema says."""
        value = 1
        for attr in attr_set.get("attributes", []):
            value = attr.get("value", value)
            yield attr["name"], value, attr
            value += 1

    def limits(self, attr):
        checks = attr.get("checks", {})
        kind = attr["type"]
        low, high = 0, 2 ** WIDTH.get(kind, 32) - 1
        if kind in ("s32", "sint", "s64"):
            low, high = -2**31, 2**31 - 1
        if attr.get("enum") in self.enums:
            values = self.enums[attr["enum"]]
            low, high = min(values), max(values)
            if attr.get("enum-as-flags"):
                low, high = 0, sum(values)
        if "min" in checks:
            low = self.number(checks["min"])
        if "max" in checks:
            high = self.number(checks["max"])
        if "flags-mask" in checks:
            mask = checks["flags-mask"]
            low, high = 0, sum(self.enums[mask]) if mask in self.enums else self.number(mask)
        length = checks.get("max-len", checks.get("exact-len", attr.get("len", 0)))
        return low, high, self.number(length) if length else 0


def int_literal(value):
    if value == -2**31:
        return "-2147483647 - 1"
    return f"{value}u" + "ll" if value > 2**31 - 1 else str(value)


def print_sets(spec):
    for attr_set in spec.sets:
        print(f"static const struct attr_desc attrs_{c_name(attr_set['name'])}[] = {{")
        for name, number, attr in spec.attributes(attr_set):
            kind = KINDS.get(attr.get("type"))
            if not kind:
                continue
            nest = -1
            if kind == "K_NEST":
                nest = spec.index.get(attr.get("nested-attributes"), -1)
            low, high, length = spec.limits(attr)
            print(f'\t{{ "{name}", {number}, {kind}, {nest}, '
                  f"(uint64_t)({int_literal(low)}), (uint64_t)({int_literal(high)}), {length} }},")
        print("\t{ 0 }\n};\n")
    print("static const struct set_desc sets[] = {")
    for attr_set in spec.sets:
        print(f"\t{{ \"{attr_set['name']}\", attrs_{c_name(attr_set['name'])} }},")
    print("};\n")


def request(op, mode):
    """Attributes of the request of a mode, None when the command lacks it."""
    if mode not in op:
        return None
    body = op[mode] or {}
    return (body.get("request") or {}).get("attributes", [])


def print_ops(spec):
    rows = []
    value = 0
    for op in spec.doc["operations"]["list"]:
        value = op.get("value", value + 1)
        if "notify" in op or "event" in op:
            continue
        name = op.get("attribute-set") or spec.sets[0]["name"]
        ids = {n: i for n, i, _ in spec.attributes(spec.sets[spec.index[name]])}
        do, dump = request(op, "do"), request(op, "dump")
        wanted = [ids[a] for a in dict.fromkeys((do or []) + (dump or [])) if a in ids]
        numbers = ", ".join(str(i) for i in wanted)
        print(f"static const uint16_t request_{c_name(op['name'])}[] = {{ {numbers}{', ' if numbers else ''}0 }};")
        rows.append(f"\t{{ \"{op['name']}\", {value}, {spec.index[name]}, "
                    f"{int(do is not None)}, {int(dump is not None)}, request_{c_name(op['name'])} }},")
    print("\nstatic const struct op_desc ops[] = {")
    print("\n".join(rows))
    print("};")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = Spec(yaml.safe_load(file))
    print("/* SPDX-License-Identifier: GPL-2.0-only */")
    print("/* Made by table.py from hak.yaml. */\n")
    print_sets(spec)
    print_ops(spec)


if __name__ == "__main__":
    main()
