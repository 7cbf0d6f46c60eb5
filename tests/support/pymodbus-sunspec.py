#!/usr/bin/env python3
"""A SunSpec device served by pymodbus: models 1, 103, 160 with 5 modules and 64001 (unknown to all).

The map is written out by hand from the SunSpec documents, apart from anything the gateway reads.
Prints the port it listens on, as a line of its own; ends when its standard input closes.
"""
import asyncio
import logging
import os
import struct
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer


def text(value, registers):
    return list(struct.unpack(">%dH" % registers, value.encode().ljust(registers * 2, b"\0")))


def u16(value):
    return [value & 0xFFFF]


def u32(value):
    return [value >> 16, value & 0xFFFF]


N16, N32, S16 = [0xFFFF], [0xFFFF, 0xFFFF], [0x8000]

common = text("Pymodbus Works", 16) + text("PM-50", 16) + text("", 8) + text("3.0", 8) + text("PM50-0042", 16)
common += u16(1) + S16

inverter = u16(7215) + u16(2405) + u16(2404) + u16(2406) + u16(-2)  # A, phases, A_SF
inverter += u16(4001) + u16(3998) + u16(4003) + u16(2310) + u16(2308) + u16(2311) + u16(-1)  # V, V_SF
inverter += u16(4987) + u16(1)  # W 49870
inverter += u16(5002) + u16(-2)  # Hz 50.02
inverter += u16(4990) + u16(1)  # VA
inverter += u16(-120) + u16(0)  # VAr
inverter += u16(-999) + u16(-1)  # PF -99.9 %
inverter += u32(1234567) + u16(2)  # WH 123456700
inverter += u16(870) + u16(-1) + u16(6205) + u16(-1) + u16(5101) + u16(1)  # DC A, V, W
inverter += u16(415) + S16 + S16 + S16 + u16(-1)  # temperatures: cabinet 41.5
inverter += u16(4) + N16  # MPPT
inverter += u32(0) + u32(0) + N32 + N32 + N32 + N32

mppt = u16(-2) + u16(-1) + u16(0) + u16(1) + u32(0) + u16(5) + u16(0)
for n in range(1, 6):
    mppt += u16(n) + text("String %d" % n, 8) + u16(1700 + n) + u16(6200 + n) + u16(10200 + n)
    mppt += u32(1000 * n) + u32(0) + u16(30 + n) + u16(4) + u32(0)

words = [0x5375, 0x6E53]
for model, body in ((1, common), (103, inverter), (64001, [7] * 12), (160, mppt)):
    words += [model, len(body)] + body
words += [0xFFFF, 0]


# Each connection that ends is an error to pymodbus.
logging.disable(logging.ERROR)


async def main():
    # pymodbus counts the addresses of a block from 1 unless told to start at zero.
    block = ModbusSequentialDataBlock(40000, words)
    device = ModbusSlaveContext(hr=block, zero_mode=True)
    context = ModbusServerContext(slaves={7: device}, single=False)
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
