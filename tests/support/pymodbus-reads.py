"""Reads holding registers as a pymodbus client: pymodbus-reads.py PORT UNIT ADDRESS COUNT, then WRITE if given."""
import json
import sys

from pymodbus.client import ModbusTcpClient

port, unit, address, count, *write = map(int, sys.argv[1:])
client = ModbusTcpClient("127.0.0.1", port=port)
client.connect()


def said(answer):
    return {"exception": answer.exception_code} if answer.isError() else {"registers": getattr(answer, "registers", [])}


print(json.dumps(said(client.read_holding_registers(address, count, slave=unit))))
if write:
    print(json.dumps(said(client.write_register(address, write[0], slave=unit))))
client.close()
