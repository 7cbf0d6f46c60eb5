import { expect, test } from "vitest";
import { configurationWord } from "./configuration-word.ts";

const applied = { version: 3, state: "applied", at: 0 } as const;
const platform = { source: "platform", version: 3, pushed: applied } as const;

test.each([
  ["nothing was said yet", {}, 3, "unknown"],
  ["its own file counts", { source: "file" }, 0, "file"],
  ["what was pushed runs", platform, 3, "platform"],
  ["the newest has not reached it", platform, 4, "behind"],
  [
    "it refused the newest",
    { ...platform, pushed: { ...applied, state: "refused" } },
    3,
    "refused",
  ],
  ["it tries the newest", { ...platform, pushed: { ...applied, state: "trial" } }, 3, "trial"],
  ["its file was changed by hand", { ...platform, drift: ["devices"] }, 3, "drift"],
] as const)("says that %s", (_, configuration, newestVersion, key) => {
  const said = "source" in configuration ? { configuration } : {};
  const word = configurationWord({ ...(said as object), newestVersion });

  expect(word.key).toBe(key);
});
