#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Say something to the family as netlink has it, whatever words the tool knows.

    say.py COMMAND [WORD=VALUE]...

COMMAND is that of hak.yaml. A refusal is printed, its sentence alone, and ends
with status 2. What a GET says of a group or a route is printed as WORD=VALUE.
"""
import socket
import struct
import sys

import genl
from genl import NESTED, attr, u32

# COMMAND: number, nest at the top level
COMMANDS = {"router-set": (17, "router"), "router-resign": (21, "router")}
for base, name in ((32, "group"), (40, "track"), (48, "route")):
    for i, verb in enumerate(("new", "set", "del", "get")):
        COMMANDS[f"{name}-{verb}"] = (base + i, name)
COMMANDS["track-report"] = (45, "track")
TOP = {"router": 9, "track": 11, "group": 14, "route": 15}
TIME, TEXT, NUM, ADDR, LIST = range(5)
WORDS = {
    "router": {"name": (2, TEXT), "priority": (7, NUM), "enable": (11, NUM),
               "tracks": (16, LIST), "preempt-delay": (18, TIME), "start-delay": (19, TIME),
               "group": (27, TEXT), "resign-for": (28, TIME)},
    "group": {"name": (1, TEXT), "tracks": (2, LIST), "state": (4, NUM), "routers": (5, NUM)},
    "track": {"name": (2, TEXT), "kind": (3, NUM), "lease": (4, TIME), "initial": (5, NUM),
              "state": (7, NUM), "value": (8, NUM), "dev": (13, TEXT), "prefix": (14, ADDR),
              "prefix-len": (15, NUM), "table": (16, NUM), "pool": (17, TEXT)},
    "route": {"prefix": (1, ADDR), "prefix-len": (2, NUM), "router": (3, TEXT), "via": (4, ADDR),
              "dev": (5, TEXT), "src": (6, ADDR), "table": (7, NUM), "metric": (8, NUM),
              "installed": (9, NUM)},
}
IN_LIST = {"router": 17, "group": 3}


def track(nest, text):
    name, _, weight = text.partition(":")
    data = attr(1, name.encode() + b"\0")
    if weight:
        data += attr(2, struct.pack("i", int(weight)))
    return attr(IN_LIST[nest] | NESTED, data)


def word(nest, text):
    name, _, value = text.partition("=")
    number, kind = WORDS[nest][name]
    if kind == TEXT:
        return attr(number, value.encode() + b"\0")
    if kind == ADDR:
        family = socket.AF_INET6 if ":" in value else socket.AF_INET
        return attr(number, socket.inet_pton(family, value) if value else b"")
    if kind == TIME:
        return attr(number, struct.pack("Q", int(float(value) * 1e9)))
    if kind == LIST:
        return attr(number | NESTED, b"".join(track(nest, t) for t in value.split(",") if t))
    return u32(number, int(value))


def show(nest, payload):
    names = {n: (w, k) for w, (n, k) in WORDS[nest].items()}
    for kind, data in genl.attrs(payload[4:]):
        if kind != TOP[nest]:
            continue
        out = []
        for number, value in genl.attrs(data):
            name, what = names.get(number, (None, None))
            if what == TEXT:
                out.append(f"{name}={value[:-1].decode()}")
            elif what == NUM:
                out.append(f"{name}={struct.unpack('I', value)[0]}")
        print(" ".join(out))


def main():
    number, nest = COMMANDS[sys.argv[1]]
    body = b"".join(word(nest, text) for text in sys.argv[2:])
    top = attr(TOP[nest] | NESTED, body)
    dump = sys.argv[1].endswith("-get") and not body
    flags = genl.NLM_F_REQUEST | (genl.NLM_F_DUMP if dump else genl.NLM_F_ACK)
    family = genl.Genl()
    family.send(number, b"" if dump else top, flags)
    while True:
        for kind, payload in genl.messages(family.sock.recv(1 << 17)):
            if kind == genl.NLMSG_ERROR:
                error = -struct.unpack("i", payload[:4])[0]
                texts = [v for k, v in genl.attrs(payload[20:]) if k == 1] if error else []
                if error:
                    print(texts[0][:-1].decode() if texts else f"error {error} without a sentence")
                sys.exit(2 if error else 0)
            if kind == genl.NLMSG_DONE:
                sys.exit(0)
            show(nest, payload)


if __name__ == "__main__":
    main()
