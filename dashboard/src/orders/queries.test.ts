import type { CommandDetail, CommandState } from "@sunledger/model";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Http } from "../app/http.ts";
import { commandQuery } from "./queries.ts";

test.each<[CommandState, number]>([
  ["sent", 2_000],
  ["accepted", 2_000],
  ["progress", 2_000],
  ["done", 30_000],
  ["refused", 30_000],
  ["unanswered", 30_000],
])("asks again for an order that is %s after %d ms", async (state, wait) => {
  const http = { get: async () => ({ id: "c-1", state }) } as unknown as Http;
  const client = new QueryClient();
  const { refetchInterval, ...read } = commandQuery(http, "c-1");
  const asked = client
    .getQueryCache()
    .build<CommandDetail, Error, CommandDetail, string[]>(client, read);
  await asked.fetch();
  expect(refetchInterval).toBeTypeOf("function");
  if (typeof refetchInterval === "function") expect(refetchInterval(asked)).toBe(wait);
});
