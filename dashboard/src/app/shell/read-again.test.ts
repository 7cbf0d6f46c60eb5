import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { patient } from "../../../../tests/support/patient.ts";
import { readAgain } from "./read-again.ts";

test("after a break the figures of the plants are read at once, the curve by itself", async () => {
  const client = new QueryClient();
  const asked: string[] = [];
  const keys = [["plants"], ["plants", "p1"], ["plants", "p1", "curve", 0, 1, 600], ["session"]];
  const leave = keys.map((queryKey) => {
    const queryFn = () => asked.push(queryKey.join(" "));
    return new QueryObserver(client, {
      queryKey,
      queryFn,
      staleTime: Number.POSITIVE_INFINITY,
    }).subscribe(() => undefined);
  });
  const counts = () => [asked.length, client.isFetching()];
  await vi.waitFor(() => expect(counts()).toEqual([keys.length, 0]), patient);
  asked.length = 0;

  await readAgain(client);

  expect(asked.sort()).toEqual(["plants", "plants p1"]);
  for (const each of leave) each();
});
