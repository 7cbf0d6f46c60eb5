import { isStale } from "./declared-in.ts";
import { lastResults } from "./last-results.ts";
import { duties, faults } from "./reliability-table.ts";

export const usage = `npm run reliability [-- FILE… | -- --stale | -- --page]

Runs the tests that the table of reliability names, or those files of them alone, one after the other, and
writes docs/reliability.md; with --stale those that have tests which have not run, with --page none. SUNLEDGER_TEST_FULL=1 runs them
whole, SUNLEDGER_TEST_SEED begins random ones from another seed. It ends with 1 where a test failed.`;

export type ReliabilityOrder = { readonly files: readonly string[] } | { readonly wrong: string };

/** The files to run by the arguments of the command: all that the table names where it has none. */
export function reliabilityOrder(args: readonly string[]): ReliabilityOrder {
  const named = [...new Set([...duties, ...faults].flatMap(({ tests }) => tests))].sort();
  if (args.length === 0) return { files: named };
  if (args.length === 1 && args[0] === "--page") return { files: [] };
  if (args.length === 1 && args[0] === "--stale") {
    const { files } = lastResults();
    return { files: named.filter((file) => isStale(file, files[file])) };
  }
  const unknown = args.filter((file) => !named.includes(file));
  if (unknown.length > 0) return { wrong: `the table does not name ${unknown.join(", ")}` };
  return { files: args };
}
