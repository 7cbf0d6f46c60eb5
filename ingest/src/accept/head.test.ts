import { deflateSync } from "node:zlib";
import { messageOf } from "@sunledger/model";
import { packJson } from "@sunledger/runtime";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { epoch, frame } from "../testing/frames.ts";
import { readHead } from "./head.ts";

const message = messageOf({ gateway: "roof-17", epoch, lane: "values" }, [frame(1)]);

describe("readHead", () => {
  test("reads plain and deflated messages", () => {
    const plain = Buffer.from(JSON.stringify(message));

    expect(readHead(plain, "roof-17")).toEqual({ ok: true, message });
    expect(readHead(deflateSync(plain), "roof-17")).toEqual({ ok: true, message });
  });

  test("a gateway speaks in its own name only", async () => {
    expect(readHead(await packJson(message), "roof-18")).toEqual({
      ok: false,
      reason: "head unreadable: the head names gateway roof-17",
    });
  });

  test.each([
    ["an unknown version", { ...message, v: 2 }, "v: "],
    ["no epoch", { ...message, epoch: "one" }, "epoch: "],
    ["an unknown lane", { ...message, lane: "texts" }, "lane: "],
    ["rows that are none", { ...message, groups: [{ layout: "x", rows: 1 }] }, "groups.0."],
    ["a list", [], "message: "],
  ])("names what is wrong: %s", (_case, content, where) => {
    const head = readHead(Buffer.from(JSON.stringify(content)), "roof-17");
    expect(head).toMatchObject({ ok: false, reason: expect.stringContaining(where) });
  });

  test("a message that unfolds to far more than it should is not unfolded", () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024, " "));
    expect(bomb.length).toBeLessThan(256 * 1024);
    expect(readHead(bomb, "roof-17")).toMatchObject({ ok: false });
  });

  test("never throws, whatever comes (D-6)", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), jsonBytes()), (bytes) => {
        expect(typeof readHead(bytes, "roof-17").ok).toBe("boolean");
      }),
    );
  });
});

function jsonBytes() {
  return fc.jsonValue().map((value) => new Uint8Array(Buffer.from(JSON.stringify(value))));
}
