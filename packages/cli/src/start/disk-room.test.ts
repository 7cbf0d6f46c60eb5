import { expect, test } from "vitest";
import { requireRoom } from "./disk-room.ts";

test("a disk that is too small for a first start is refused with how much it takes", () => {
  expect(() => requireRoom("/data", 25_600_000)).toThrow(
    "There is too little room for a house in the data folder /data: a first start needs 200 MB and " +
      "its disk has 25 MB left. Make room, or choose another folder with SUNLEDGER_DATA_DIR.",
  );
  expect(() => requireRoom("/data", 200_000_000)).not.toThrow();
});
