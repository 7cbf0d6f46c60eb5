import { describe, expect, test } from "vitest";
import type { AddressedLive } from "./live.ts";
import { liveQueue } from "./live-queue.ts";

const news = (arrival: number, frames = 1): AddressedLive => ({
  organisation: "org",
  plant: "plant",
  message: {
    v: 1,
    arrival,
    frames: Array.from({ length: frames }, () => ["INV-01", "0123456789abcdef", 0, [1]]),
  },
});

describe("the queue of live messages", () => {
  test("goes out one after another, in order", async () => {
    const told: number[] = [];
    const queue = liveQueue(async ({ message }) => void told.push(message.arrival), 10);
    expect(queue.add([news(1), news(2)])).toBe(0);
    expect(queue.add([news(3)])).toBe(0);

    await expect.poll(() => told).toEqual([1, 2, 3]);
  });

  test("gives up the oldest when the broker takes none, and holds up nobody", async () => {
    const told: number[] = [];
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const queue = liveQueue(async ({ message }) => {
      await gate;
      told.push(message.arrival);
    }, 10);
    queue.add([news(1, 4)]);
    expect(queue.add([news(2, 4), news(3, 4)])).toBe(0);
    expect(queue.add([news(4, 4)])).toBe(1);

    go();
    await expect.poll(() => told).toEqual([1, 3, 4]);
  });

  test("one that cannot be told is no reason to keep the next", async () => {
    const told: number[] = [];
    const queue = liveQueue(async ({ message }) => {
      if (message.arrival === 1) throw new Error("cannot be packed");
      told.push(message.arrival);
    }, 10);
    queue.add([news(1), news(2)]);

    await expect.poll(() => told).toEqual([2]);
  });
});
