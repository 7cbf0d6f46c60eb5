import { expect, test } from "vitest";
import { welcome } from "./welcome.ts";

const started = {
  address: "http://127.0.0.1:8080",
  elapsed: "3.2 s",
  signIns: [{ email: "admin@sunledger.example", password: "secret", role: "administrator" }],
} as const;

test("a house of which all runs is ready, with how to get in", () => {
  expect(welcome({ ...started, missing: [] })).toEqual([
    "",
    "Ready in 3.2 s: http://127.0.0.1:8080",
    "",
    "  admin@sunledger.example  password secret  (administrator)",
    "",
    "Stop with Ctrl-C.",
  ]);
});

test("a house without its api is not called ready, and says what is missing", () => {
  const [, first, second] = welcome({ ...started, missing: ["api", "gw-1"] });

  expect(first).toBe(
    "Started after 3.2 s, but not all is running yet: api, gw-1. It is tried again and again.",
  );
  expect(second).toBe("The dashboard comes with the api: http://127.0.0.1:8080");
});

test("the dashboard is there when another program is missing", () => {
  const [, first, second] = welcome({ ...started, missing: ["gw-1"] });

  expect(first).toContain("not all is running yet: gw-1.");
  expect(second).toBe("The dashboard: http://127.0.0.1:8080");
});
