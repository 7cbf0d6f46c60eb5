import { expect, test } from "vitest";
import { undoing } from "./undoing.ts";

test("all is undone, the last first, also behind a step that fails", async () => {
  const undone: string[] = [];
  const undo = undoing();
  undo.push(() => void undone.push("database"));
  undo.push(() => {
    throw new Error("the first failure");
  });
  undo.push(async () => void undone.push("programs"));
  undo.push(() => Promise.reject(new Error("the failure before it")));

  await expect(undo.run()).rejects.toThrow("the failure before it");
  expect(undone).toEqual(["programs", "database"]);
  await undo.run();
  expect(undone).toHaveLength(2);
});
