import { nearestNames } from "@sunledger/runtime";
import type * as z from "zod";
import { GatewayConfig } from "../config.ts";
import { schemaAt } from "./config-schema.ts";
import type { Fault } from "./fault.ts";

/** What the schema has against a file's content. */
export function shapeFaults(content: unknown): Fault[] {
  const { error } = GatewayConfig.safeParse(content, { reportInput: true });
  return (error?.issues ?? []).flatMap(faultsOf);
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => ({
      path: [...path, name],
      isName: true,
      reason: "there is no such key",
      advice: adviceFor(name, Object.keys(schemaAt(path)?.properties ?? {})),
    }));
  }
  const isMissing = issue.code === "invalid_type" && issue.input === undefined;
  const advice = schemaAt(path)?.description;
  return [{ path, reason: isMissing ? "is missing" : issue.message, ...(advice && { advice }) }];
}

function adviceFor(name: string, known: readonly string[]): string {
  const near = nearestNames(name, known);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${known.join(", ")}`;
}
