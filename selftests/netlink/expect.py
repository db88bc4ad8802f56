#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""expect.py GENERATION: one CONFIG_APPLY that makes a track, expecting GENERATION.

Prints the errno and the sentence of the answer.
"""
import struct
import sys

from genl import NESTED, NLM_F_ACK, NLM_F_REQUEST, Genl, attr, attrs, u32

CONFIG_APPLY, TRACK_NEW = 2, 40
A_OP, A_EXPECT, OP_CMD, OP_TRACK, TRACK_NAME, TRACK_KIND = 4, 6, 1, 4, 2, 3


def main():
    hak = Genl()
    track = attr(OP_TRACK | NESTED, attr(TRACK_NAME, b"EXPECTED\0") + u32(TRACK_KIND, 1))
    operation = attr(A_OP | NESTED, u32(OP_CMD, TRACK_NEW) + track)
    hak.send(CONFIG_APPLY, u32(A_EXPECT, int(sys.argv[1])) + operation, NLM_F_REQUEST | NLM_F_ACK)
    reply = hak.sock.recv(65536)
    error = -struct.unpack("i", reply[16:20])[0]
    text = dict(attrs(reply[36:])).get(1, b"\0")[:-1].decode()
    print(error, text)


main()
