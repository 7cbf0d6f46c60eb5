import { OrderedCommand, SetPointProposal, type SetPointWish } from "@sunledger/model";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParts } from "../../app/parts.ts";
import { isOver } from "../../orders/is-over.ts";
import { commandQuery } from "../../orders/queries.ts";

/** Writes a set-point of a device in two steps: prepared, then confirmed; and follows what comes of it. */
export function useSetPoint(device: string) {
  const { http } = useParts();
  const [id, setId] = useState<string>();
  const path = `/devices/${device}/set-points`;
  const preparing = useMutation({
    mutationFn: (wish: SetPointWish) => http.send("POST", path, wish, SetPointProposal),
    onMutate: () => setId(undefined),
  });
  const confirming = useMutation({
    mutationFn: (token: string) =>
      http.send("POST", `${path}/confirmations`, { token }, OrderedCommand),
    onSuccess: (ordered) => setId(ordered.id),
    // Confirmed or not: the same token does not serve twice.
    onSettled: () => preparing.reset(),
  });
  const { data: command } = useQuery({
    ...commandQuery(http, id ?? ""),
    enabled: id !== undefined,
  });
  const shown = command?.id === id ? command : undefined;
  return {
    prepare: (wish: SetPointWish) => {
      confirming.reset();
      preparing.mutate(wish);
    },
    proposal: preparing.data,
    leave: () => preparing.reset(),
    confirm: confirming.mutate,
    command: shown,
    isBusy: preparing.isPending || confirming.isPending || (id !== undefined && !isOver(shown)),
    error: preparing.error ?? confirming.error,
  };
}
