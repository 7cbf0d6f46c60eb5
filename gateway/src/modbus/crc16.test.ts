import { expect, test } from "vitest";
import { crc16 } from "./crc16.ts";

test.each([
  // The check value of CRC-16/MODBUS, and the example of the serial line guide (V1.02, 6.2.2).
  [Buffer.from("123456789"), 0x4b37],
  [Buffer.from([0x02, 0x07]), 0x1241],
])("the checksum of %o", (bytes, crc) => {
  expect(crc16(bytes)).toBe(crc);
});
