import { expect, test } from "vitest";
import { judgeAside } from "./judge-aside.ts";

const now = Date.UTC(2026, 5, 21, 12);
const day = 24 * 60 * 60 * 1_000;

test("rows in quarantine and conflicts are named with the gateway and the newest reason", () => {
  const count = { gateway: "roof-gw", quarantined: 30, reason: "no such device: X", conflicts: 2 };

  expect(judgeAside({ ...count, newest: now - 1_000 }, now)).toMatchObject({
    what: "data of roof-gw",
    state: "wrong",
    seen: "30 rows in quarantine, the newest: no such device: X; 2 frames differ from one kept before",
  });
});

test("of a conflict both causes are named: two of a name, and a file replayed with changes", () => {
  const count = { gateway: "field-replay", quarantined: 0, conflicts: 2, newest: now - 1_000 };

  const { advice } = judgeAside(count, now);

  expect(advice).toMatch(/share a name, or a file was replayed again after it had changed/);
});

test("what came a day ago is told and no longer wrong", () => {
  const count = { gateway: "roof-gw", quarantined: 0, conflicts: 1, newest: now - day };

  expect(judgeAside(count, now)).toEqual({
    what: "data of roof-gw",
    state: "well",
    seen: "1 frame differs from one kept before; none since 2026-06-20T12:00:00.000Z",
  });
});
