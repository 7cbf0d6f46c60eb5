import { decimalText } from "@sunledger/model/decimal";
import { afterEach, describe, expect, test } from "vitest";
import {
  breaksOffAfter,
  refuses,
  says,
  silent,
} from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { answersRightly, modbusPeer } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../tests/support/modbus-peer/peer-request.ts";
import {
  swappedBytes,
  swappedWords,
  wordsOfBits,
} from "../../../tests/support/modbus-peer/words.ts";
import { pointReader } from "./point-reader.ts";
import type { RegisterPoint } from "./register-point.ts";
import { failureOf, manners, openedLink } from "./testing/opened-link.ts";
import { pointOf } from "./testing/point-of.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Type = RegisterPoint["type"];
const types: readonly (readonly [Type, bigint, bigint, number])[] = [
  // The mark, another raw value, and what that one is worth.
  ["uint16", 0xffffn, 0xfffen, 65_534],
  ["int16", 0x8000n, 0x8001n, -32_767],
  ["uint32", 0xffff_ffffn, 0x0000_ffffn, 65_535],
  ["int32", 0x8000_0000n, 0xffff_8000n, -32_768],
  ["uint64", 0xffff_ffff_ffff_ffffn, 0x1_0000_ffffn, 4_295_032_831],
  ["int64", 0x8000_0000_0000_0000n, 0xffff_ffff_ffff_8000n, -32_768],
  ["float32", 0x7fc0_0000n, 0x4366_199an, 230.1],
  ["float64", 0x7ff8_0000_0000_0000n, 0x3fb9_9999_9999_999an, 0.1],
  ["enum16", 0xffffn, 7n, 7],
  ["enum32", 0xffff_ffffn, 0x0000_ffffn, 65_535],
  ["bits16", 0xffffn, 0x8000n, 32_768],
  ["bits32", 0xffff_ffffn, 0x8000_0000n, 2_147_483_648],
];

describe("a mark for 'not available' is never a value, and half a mark is one (trait 12)", () => {
  test.each(types)("%s", async (type, mark, other, worth) => {
    const invalid = type.startsWith("float") ? ["NaN" as const] : [mark];
    const [first, size] = [pointOf({ type, invalid }), pointOf({ type }).size];
    const second = { ...first, address: size };
    const { read, hold } = await device();
    hold(0, [...wordsOfBits(mark, size), ...wordsOfBits(other, size)]);

    expect(await read(first, second)).toEqual(["notImplemented", worth]);
  });
});

describe("words and bytes in another order (trait 21)", () => {
  test.each(types.filter(([type]) => pointOf({ type }).size > 1))(
    "%s",
    async (type, mark, other, worth) => {
      const invalid = type.startsWith("float") ? ["NaN" as const] : [mark];
      const { size } = pointOf({ type });
      const { read, hold } = await device();
      const words = wordsOfBits(other, size);
      hold(0, swappedWords(words));
      hold(4, swappedBytes(words));
      hold(8, swappedBytes(swappedWords(words)));
      hold(12, swappedWords(wordsOfBits(mark, size)));
      const little = { wordOrder: "little", byteOrder: "little" } as const;
      const { wordOrder, byteOrder } = little;

      expect(
        await read(
          pointOf({ type, invalid, address: 0, wordOrder }),
          pointOf({ type, invalid, address: 4, byteOrder }),
          pointOf({ type, invalid, address: 8, ...little }),
          pointOf({ type, invalid, address: 12, wordOrder }),
        ),
      ).toEqual([worth, worth, worth, "notImplemented"]);
    },
  );
});

describe("a scale factor that changes between reads (trait 14)", () => {
  const scaled = (scaleAt: number) =>
    pointOf({
      scaleRegister: { kind: "holding", address: scaleAt, type: "int16", negate: false },
    });

  test("near: each value by the factor that came with it", async () => {
    const { read, hold } = await device();
    hold(0, [230, 0]);
    expect(await read(scaled(1))).toEqual([230]);

    hold(0, [2_301, 0xffff]);
    expect(await read(scaled(1))).toEqual([230.1]);
  });

  test("far, and between the two readings of one round: no value rather than a wrong one", async () => {
    const { read, hold, peer } = await device();
    hold(0, [230]);
    hold(500, [0]);
    const changes: Behaviour = (request) => {
      answersRightly(request);
      hold(0, [2_301]);
      hold(500, [0xffff]);
    };
    peer.meet(answersRightly, changes);

    expect(await read(scaled(500))).toEqual(["failed"]);
    expect(await read(scaled(500))).toEqual([230.1]);
  });
});

describe("a device with holes (trait 5)", () => {
  test("what lies between them is read, and so it is in the next round", async () => {
    const { read, hold } = await device();
    hold(10, [1]);
    hold(12, [2, 3]);
    const points = [10, 11, 12, 13].map((address) =>
      pointOf({ address, optional: address === 11 }),
    );

    expect(await read(...points)).toEqual([1, undefined, 2, 3]);
    expect(await read(...points)).toEqual([1, undefined, 2, 3]);
  });
});

describe("a device that refuses a block for one register in it (trait 5)", () => {
  test.each([1, 2, 3])(
    "exception %i: the register is found, the rest is merged again and that is remembered",
    async (exception) => {
      const asked: number[][] = [];
      const { read, hold, reader } = await device((request) => {
        const { address, count } = request;
        asked.push([address, count]);
        const isHit = address <= 13 && 13 < address + count;
        (isHit ? refuses(exception) : answersRightly)(request);
      });
      hold(10, [1, 2, 3, 0, 5, 6]);
      const points = [10, 11, 12, 13, 14, 15].map((address) =>
        pointOf({ address, optional: true }),
      );
      const all = [1, 2, 3, undefined, 5, 6];

      expect(await read(...points)).toEqual(all);
      expect([...reader.missing]).toEqual([points[3]]);
      asked.length = 0;
      expect(await read(...points)).toEqual(all);
      expect(asked).toEqual([
        [10, 3],
        [14, 2],
      ]);

      reader.forget();
      asked.length = 0;
      expect(await read(...points)).toEqual(all);
      expect(asked[0]).toEqual([10, 6]);
    },
  );
});

describe("one fault in a round costs the points of its request alone", () => {
  test.each<[string, Behaviour]>([
    ["silence", silent],
    ["too few registers", says(() => [3, 0])],
    ["exception 4", refuses(4)],
    ["exception 6", refuses(6)],
  ])("%s", async (_name, fault) => {
    const { read, hold, peer } = await device();
    hold(0, [1]);
    hold(200, [2]);
    const points = [pointOf({ address: 0 }), pointOf({ address: 200 })];
    peer.meet(answersRightly, fault);

    expect(await read(...points)).toEqual([1, "failed"]);
    expect(await read(...points)).toEqual([1, 2]);
  });

  test("an answer that breaks off: the round has no values, the next one has", async () => {
    const { read, hold, peer } = await device();
    hold(0, [1]);
    peer.meet(breaksOffAfter(8));

    expect((await failureOf(read(pointOf()))).kind).toBe("timeout");
    expect(await read(pointOf())).toEqual([1]);
  });
});

/** A device that holds nothing yet, and rounds of reading it: values or flags, in the points' order. */
async function device(usual: Behaviour = answersRightly) {
  const peer = await modbusPeer({ usual });
  closing.push(() => peer.close());
  const link = openedLink({ port: peer.port });
  closing.push(() => link.close());
  const reader = pointReader({ maxRegisters: 125, maxGap: 10, unreadable: [] });

  const hold = (address: number, words: readonly number[]) => {
    for (const [i, word] of words.entries()) peer.registers.set(address + i, word);
  };
  const read = async (...points: readonly RegisterPoint[]) => {
    const decoded = await reader.read(points, (span) => link.read(span, manners(150)));
    return points.map((point) => {
      const result = decoded.get(point);
      if (!result || "text" in result) return undefined;
      if ("value" in result) return result.value;
      return "number" in result ? Number(decimalText(result.number)) : result.flag;
    });
  };
  return { peer, hold, read, reader };
}
