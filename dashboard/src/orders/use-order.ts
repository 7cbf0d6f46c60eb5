import { type CommandDetail, type CommandOrder, OrderedCommand } from "@sunledger/model";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParts } from "../app/parts.ts";
import { isOver } from "./is-over.ts";
import { commandQuery } from "./queries.ts";

/** An order and what comes of it. */
export type Ordering = {
  readonly give: (what: CommandOrder) => void;
  /** Ends what is being done. */
  readonly cancel: () => void;
  readonly command: CommandDetail | undefined;
  /** Asked and not ended. */
  readonly isBusy: boolean;
  /** Why it could not even be ordered. */
  readonly error: Error | null;
};

/** Gives orders to a gateway, one at a time, and follows the newest. */
export function useOrder(gateway: string): Ordering {
  const { http } = useParts();
  const [id, setId] = useState<string>();
  const path = `/gateways/${gateway}/commands`;
  const giving = useMutation({
    mutationFn: (what: CommandOrder) => http.send("POST", path, { what }, OrderedCommand),
    onMutate: () => setId(undefined),
    onSuccess: (ordered) => setId(ordered.id),
  });
  const cancelling = useMutation({
    mutationFn: (what: CommandOrder) => http.send("POST", path, { what }, OrderedCommand),
  });
  const { data: command, error } = useQuery({
    ...commandQuery(http, id ?? ""),
    enabled: id !== undefined,
  });
  const shown = command?.id === id ? command : undefined;
  return {
    give: giving.mutate,
    cancel: () => {
      if (id !== undefined) cancelling.mutate({ kind: "cancel", id });
    },
    command: shown,
    isBusy: giving.isPending || (id !== undefined && !isOver(shown) && !error),
    error: giving.error ?? cancelling.error ?? error,
  };
}
