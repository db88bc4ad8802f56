#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""expect.py GENERATION: one CONFIG_APPLY that makes a track, expecting GENERATION.

Prints the errno and the sentence of the answer.
"""
import socket
import struct
import sys

NETLINK_GENERIC, SOL_NETLINK, NETLINK_EXT_ACK, NETLINK_CAP_ACK = 16, 270, 11, 10
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
CONFIG_APPLY, TRACK_NEW = 2, 40
A_OP, A_EXPECT, OP_CMD, OP_TRACK, TRACK_NAME, TRACK_KIND = 4, 6, 1, 4, 2, 3


def attr(kind, data):
    return struct.pack("HH", len(data) + 4, kind) + data + b"\0" * (-len(data) % 4)


def u32(kind, value):
    return attr(kind, struct.pack("I", value))


def attrs(data):
    while len(data) >= 4:
        length, kind = struct.unpack("HH", data[:4])
        yield kind & 0x3FFF, data[4:length]
        data = data[(length + 3) & ~3:]


def ask(sock, family, command, payload, flags):
    body = struct.pack("BBH", command, 1, 0) + payload
    sock.send(struct.pack("IHHII", len(body) + 16, family, flags, 1, 0) + body)
    return sock.recv(65536)


def main():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    reply = ask(sock, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, attr(CTRL_ATTR_FAMILY_NAME, b"hak\0"), 1)
    family = struct.unpack("H", dict(attrs(reply[20:]))[CTRL_ATTR_FAMILY_ID][:2])[0]
    track = attr(OP_TRACK | 0x8000, attr(TRACK_NAME, b"EXPECTED\0") + u32(TRACK_KIND, 1))
    operation = attr(A_OP | 0x8000, u32(OP_CMD, TRACK_NEW) + track)
    reply = ask(sock, family, CONFIG_APPLY, u32(A_EXPECT, int(sys.argv[1])) + operation, 5)
    error = -struct.unpack("i", reply[16:20])[0]
    text = dict(attrs(reply[36:])).get(1, b"\0")[:-1].decode()
    print(error, text)


main()
