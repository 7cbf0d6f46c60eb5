import { expect, test } from "vitest";
import { dataFolder } from "./data-folder.ts";
import { withoutBroker } from "./require-broker.ts";

test("a house that has no broker says why, in the broker's own last words", () => {
  expect(withoutBroker(dataFolder("/srv/sun"), "Cannot listen: no such host.")).toBe(
    "The broker has not started: cannot listen: no such host. Log: /srv/sun/logs/broker.log",
  );
  expect(withoutBroker(dataFolder("/srv/sun"), undefined)).toContain("read the end of");
});
