#!/usr/bin/env python3
"""Two units on a serial line served by pymodbus, 3 and 17: holding register n holds n, input n twice that.

Takes the port and its baud rate. Prints a line when it listens; ends when its standard input closes.
"""
import asyncio
import logging
import os
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer
from pymodbus.transaction import ModbusRtuFramer

logging.disable(logging.ERROR)


def device():
    holding = ModbusSequentialDataBlock(0, list(range(300)))
    doubled = ModbusSequentialDataBlock(0, [2 * n for n in range(300)])
    coils = ModbusSequentialDataBlock(0, [n % 3 == 0 for n in range(300)])
    return ModbusSlaveContext(hr=holding, ir=doubled, co=coils, zero_mode=True)


async def main():
    context = ModbusServerContext(slaves={3: device(), 17: device()}, single=False)
    server = ModbusSerialServer(
        context, framer=ModbusRtuFramer, port=sys.argv[1], baudrate=int(sys.argv[2]), timeout=1, ignore_missing_slaves=True
    )
    await server.start()
    print("ready", flush=True)
    await server.serve_forever()


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
asyncio.run(main())
