import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Reads again what is shown under a key. A first read that is still under way is begun anew too, which
 * invalidating alone would not do: its answer may be of before the change.
 */
export async function readAnew(client: QueryClient, queryKey: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey, predicate: ({ state }) => state.data === undefined });
  await client.invalidateQueries({ queryKey });
}
