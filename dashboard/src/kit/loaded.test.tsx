// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Loaded } from "./loaded.tsx";
import { rendered } from "./testing/rendered.tsx";

const lost = new Error("lost");
const refetch = () => new Promise<never>(() => {});

afterEach(cleanup);

test.each([
  ["its place while it is on its way", undefined, null, "status"],
  ["why it did not come", undefined, lost, "alert"],
  ["what has come", "an answer", null, "note"],
  ["what is there while it cannot be asked anew", "an answer", lost, "note"],
])("shows %s, and nothing else", async (_, data, error, role) => {
  const query = { data, error, refetch };
  await rendered(
    <Loaded query={query} lines={3}>
      {(answer) => <p role="note">{answer}</p>}
    </Loaded>,
  );

  const shown = ["status", "alert", "note"].filter((one) => screen.queryByRole(one) !== null);
  expect(shown).toEqual([role]);
});
