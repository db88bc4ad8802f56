# SPDX-License-Identifier: GPL-2.0-only
"""Just enough generic netlink for tests that need a socket in their own hands."""
import socket
import struct

NETLINK_GENERIC, SOL_NETLINK, NETLINK_EXT_ACK, NETLINK_CAP_ACK = 16, 270, 11, 10
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
NESTED = 0x8000


def attr(kind, data):
    return struct.pack("HH", len(data) + 4, kind) + data + b"\0" * (-len(data) % 4)


def u32(kind, value):
    return attr(kind, struct.pack("I", value))


def attrs(data):
    while len(data) >= 4:
        length, kind = struct.unpack("HH", data[:4])
        yield kind & 0x3FFF, data[4:length]
        data = data[(length + 3) & ~3:]


def messages(data):
    """Type and payload of each message of a datagram."""
    while len(data) >= 16:
        length, kind = struct.unpack("IH", data[:6])
        yield kind, data[16:length]
        data = data[(length + 3) & ~3:]


class Genl:
    """A socket that talks to the family of hak."""

    def __init__(self, name=b"hak"):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.sock.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        self.family = GENL_ID_CTRL
        self.send(CTRL_CMD_GETFAMILY, attr(CTRL_ATTR_FAMILY_NAME, name + b"\0"), NLM_F_REQUEST)
        # What is wanted comes first. The kernel makes the buffers of a dump as
        # large as the largest read so far: that is left to the caller.
        reply = self.sock.recv(512)
        self.family = struct.unpack("H", dict(attrs(reply[20:]))[CTRL_ATTR_FAMILY_ID][:2])[0]

    def send(self, command, payload, flags):
        body = struct.pack("BBH", command, 1, 0) + payload
        self.sock.send(struct.pack("IHHII", len(body) + 16, self.family, flags, 1, 0) + body)
