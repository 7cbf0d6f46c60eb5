import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "../live/use-live.ts";

/** Reads anew what the server says has changed: commands and gateways. */
export function useChanges(): void {
  const live = useLive();
  const client = useQueryClient();
  useEffect(() => {
    const stop = live.onChange(([subject]) => {
      // An answer of a gateway changes what is written, and the list it stands in.
      void client.invalidateQueries({
        queryKey: [subject === "command" ? "commands" : "gateways"],
      });
    });
    const back = live.onReturn(async () => {
      await client.invalidateQueries({ queryKey: ["commands"] });
      await client.invalidateQueries({ queryKey: ["gateways"] });
    });
    return () => {
      stop();
      back();
    };
  }, [live, client]);
}
