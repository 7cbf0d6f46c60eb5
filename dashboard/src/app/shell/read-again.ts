import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "../../live/use-live.ts";

/**
 * Has what is known of the plants read again. Curves fill their own gap after a break, and what they
 * are at must not be begun anew.
 */
export function readAgain(client: QueryClient): Promise<void> {
  return client.invalidateQueries({
    queryKey: ["plants"],
    predicate: ({ queryKey }) => queryKey[2] !== "curve",
  });
}

/** Reads the plants again when a device begins or ceases to answer, and when the page is back from a break. */
export function useReadAgain(): void {
  const live = useLive();
  const client = useQueryClient();
  useEffect(
    () => live.onReach(() => void client.invalidateQueries({ queryKey: ["plants"] })),
    [live, client],
  );
  useEffect(
    () =>
      live.onReturn(async () => {
        // Not waited for: a figure says itself how old it is.
        void readAgain(client);
      }),
    [live, client],
  );
}
