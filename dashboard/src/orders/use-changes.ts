import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { readAnew } from "../app/read-anew.ts";
import { useLive } from "../live/use-live.ts";

/** Reads anew what the server says has changed: commands and gateways. */
export function useChanges(): void {
  const live = useLive();
  const client = useQueryClient();
  useEffect(() => {
    const stop = live.onChange(([subject]) => {
      // An answer of a gateway changes what is written, and the list it stands in.
      void readAnew(client, [subject === "command" ? "commands" : "gateways"]);
    });
    const back = live.onReturn(async () => {
      await readAnew(client, ["commands"]);
      await readAnew(client, ["gateways"]);
    });
    return () => {
      stop();
      back();
    };
  }, [live, client]);
}
