"""Walks a SunSpec map as a pymodbus client and says what does not conform: PORT UNIT FOLDER-OF-MODELS.

The rules are those of the SunSpec Device Information Model Specification: marker, chain, lengths, mandatory
points, scale factors, end. Prints {"models": [...], "problems": [...]}.
"""
import json
import math
import os
import struct
import sys

from pymodbus.client import ModbusTcpClient

port, unit, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
base = 40000
client = ModbusTcpClient("127.0.0.1", port=port, timeout=3)
client.connect()
problems = []


def read(address, count):
    words = []
    while count:
        part = min(count, 125)
        answer = client.read_holding_registers(address, part, slave=unit)
        if answer.isError():
            raise SystemExit(f"exception {getattr(answer, 'exception_code', answer)} at {address}")
        words += answer.registers
        address, count = address + part, count - part
    return words


missing = {
    "int16": 0x8000, "uint16": 0xFFFF, "acc16": 0, "enum16": 0xFFFF, "bitfield16": 0xFFFF, "count": 0xFFFF,
    "sunssf": 0x8000, "pad": 0x8000, "int32": 0x80000000, "uint32": 0xFFFFFFFF, "acc32": 0, "acc64": 0,
    "enum32": 0xFFFFFFFF, "bitfield32": 0xFFFFFFFF,
}


def implemented(kind, words):
    raw = 0
    for word in words:
        raw = raw << 16 | word
    if kind == "string":
        return any(words)
    if kind == "float32":
        return not math.isnan(struct.unpack(">f", struct.pack(">I", raw))[0])
    return raw != missing[kind]


def check(model, points, words, scales):
    """One run of points: mandatory ones are there, texts are text, values have their exponent."""
    at = 0
    for point in points:
        own = words[at:at + point["size"]]
        at += point["size"]
        name, kind = f"{model}:{point['name']}", point["type"]
        there = implemented(kind, own)
        # A counter that reads 0 has begun, or is not there: it cannot be told.
        if point.get("mandatory") == "M" and not there and not kind.startswith("acc"):
            problems.append(f"{name} is mandatory and not implemented")
        if kind == "string" and there:
            text = b"".join(struct.pack(">H", word) for word in own).rstrip(b"\0")
            if not all(32 <= byte < 127 for byte in text):
                problems.append(f"{name} is no text: {text!r}")
        if kind == "sunssf" and there:
            exponent = struct.unpack(">h", struct.pack(">H", own[0]))[0]
            if not -10 <= exponent <= 10:
                problems.append(f"{name} is {exponent}")
        if kind == "enum16" and there and point.get("symbols"):
            if own[0] not in [symbol["value"] for symbol in point["symbols"]]:
                problems.append(f"{name} has no symbol for {own[0]}")
        factor = point.get("sf")
        if isinstance(factor, str) and there and not scales.get(factor, False):
            problems.append(f"{name} has a value and {factor} has none")
    return at


if struct.pack(">HH", *read(base, 2)) != b"SunS":
    problems.append("no marker at 40000")
models, address = [], base + 2
while True:
    model, length = read(address, 2)
    if model == 0xFFFF:
        if length != 0:
            problems.append(f"the end has the length {length}")
        break
    models.append(model)
    words = read(address, length + 2)
    with open(os.path.join(folder, f"model_{model}.json"), encoding="utf-8") as file:
        group = json.load(file)["group"]
    fixed = sum(point["size"] for point in group["points"])
    repeated = (group.get("groups") or [{}])[0]
    each = sum(point["size"] for point in repeated.get("points", []))
    rest = length + 2 - fixed
    if rest < 0 or (rest and not each) or (each and rest % each):
        problems.append(f"model {model} has the length {length}: {fixed - 2} and so many times {each} are right")
        address += length + 2
        continue
    scales, at = {}, 0
    for point in group["points"]:
        if point["type"] == "sunssf":
            scales[point["name"]] = implemented("sunssf", words[at:at + 1])
        at += point["size"]
    at = check(model, group["points"], words, scales)
    while at < len(words):
        at += check(f"{model}:{repeated['name']}", repeated["points"], words[at:], scales)
    address += length + 2

for what, answer, code in (
    ("behind the end", client.read_holding_registers(address + 2, 1, slave=unit), 2),
    ("another unit", client.read_holding_registers(base, 2, slave=unit + 1), 11),
    ("input registers", client.read_input_registers(base, 2, slave=unit), 1),
):
    said = answer.exception_code if answer.isError() else None
    if said != code:
        problems.append(f"{what}: exception {said} instead of {code}")
client.close()
print(json.dumps({"models": models, "problems": problems}))
