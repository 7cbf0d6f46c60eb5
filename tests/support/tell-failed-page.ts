import { stderr } from "node:process";
import { afterEach } from "vitest";
import { shownNow } from "./browser.ts";

/** A browser test that fails says what stood on the screen: elsewhere nobody can look. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  stderr.write(`${task.name}: on the screen\n${await shownNow()}\n`);
});
