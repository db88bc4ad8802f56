#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""dump.py COMMAND...: dump the routers, running COMMAND when the dump has begun.

Prints the sizes of the routers' messages in the order they came, without those
of the first buffer, then the errno the dump ended with.
"""
import struct
import subprocess
import sys

from genl import NLM_F_DUMP, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR, Genl, messages

ROUTER_GET = 19


def main():
    hak = Genl()
    # The kernel fills its first buffer here and the next ones at each read.
    hak.send(ROUTER_GET, b"", NLM_F_REQUEST | NLM_F_DUMP)
    subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
    hak.sock.recv(16)
    while True:
        for kind, payload in messages(hak.sock.recv(1 << 20)):
            if kind in (NLMSG_DONE, NLMSG_ERROR):
                print("end", -struct.unpack("i", payload[:4])[0])
                return
            if kind == hak.family:
                print(len(payload))


main()
