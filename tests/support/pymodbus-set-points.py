#!/usr/bin/env python3
"""Two inverters served by pymodbus that take set-points: unit 1 with SunSpec models 1, 103 and 123, unit 2
with a few registers of a Huawei SUN2000.

The maps are written out by hand from the makers' documents, apart from anything the gateway reads.
Prints the port it listens on, then a line for each write: unit, address, words. Ends when its standard
input closes.
"""
import asyncio
import logging
import os
import struct
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.datastore import ModbusSparseDataBlock
from pymodbus.server.async_io import ModbusTcpServer


def text(value, registers):
    return list(struct.unpack(">%dH" % registers, value.encode().ljust(registers * 2, b"\0")))


N16, S16 = 0xFFFF, 0x8000

common = text("Pymodbus Works", 16) + text("PM-50", 16) + text("", 8) + text("3.0", 8)
common += text("PM50-0042", 16) + [1, S16]
# A 103 that says no more than its power and its state.
inverter = [N16] * 4 + [S16] + [N16] * 6 + [S16] + [4987, 1] + [S16] * 8 + [0, 0, S16]
inverter += [N16, S16, N16, S16, S16, S16, S16, S16, S16, S16, S16, 4, N16] + [0xFFFF] * 12
# Conn, WMaxLimPct 100.0 %, disabled; the scale factors at the end.
controls = [0, 0, 1, 1000, 0, 0, 0, 0] + [S16, 0, 0, 0, 0, S16, S16, S16, 0, 0, 0, 0, 0]
controls += [0xFFFF, 0xFFFE, S16]

sunspec = [0x5375, 0x6E53]
for model, body in ((1, common), (103, inverter), (123, controls)):
    sunspec += [model, len(body)] + body
sunspec += [0xFFFF, 0]

huawei = {30000 + i: word for i, word in enumerate(text("SUN2000-50KTL", 15))}
huawei.update({30015 + i: word for i, word in enumerate(text("HW0001", 10))})
huawei.update({30075: 0, 30076: 50000, 40125: 1000, 40126: 0, 40127: 50000})


class Told:
    """Says what is written."""

    unit = 0

    def setValues(self, address, values):
        super().setValues(address, values)
        print("write %d %d %s" % (self.unit, address, " ".join(map(str, values))), flush=True)


class Sunspec(Told, ModbusSequentialDataBlock):
    unit = 1


class Huawei(Told, ModbusSparseDataBlock):
    unit = 2


# Each connection that ends is an error to pymodbus.
logging.disable(logging.ERROR)


async def main():
    # pymodbus counts the addresses of a block from 1 unless told to start at zero.
    one = ModbusSlaveContext(hr=Sunspec(40000, sunspec), zero_mode=True)
    two = ModbusSlaveContext(hr=Huawei(huawei), zero_mode=True)
    context = ModbusServerContext(slaves={1: one, 2: two}, single=False)
    server = ModbusTcpServer(context, address=("127.0.0.1", 0))
    task = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await task


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
asyncio.run(main())
