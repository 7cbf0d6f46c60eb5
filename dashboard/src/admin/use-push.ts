import {
  ConfigurationDetail,
  type ConfigurationVersion,
  type NewConfigurationVersion,
} from "@sunledger/model";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParts } from "../app/parts.ts";
import { versionsQuery } from "./queries.ts";

export type Pushing = {
  readonly push: (fresh: NewConfigurationVersion) => void;
  /** The version that was pushed, as its gateway has it. */
  readonly version: ConfigurationVersion | undefined;
  /** Pushed, and the gateway has not said yet what became of it. */
  readonly isBusy: boolean;
  readonly error: Error | null;
};

/** Makes the next version of a gateway's configuration and follows what becomes of it. */
export function usePush(gateway: string): Pushing {
  const { http } = useParts();
  const client = useQueryClient();
  const [number, setNumber] = useState<number>();
  const { data } = useQuery(versionsQuery(http, gateway));
  const pushing = useMutation({
    mutationFn: async (fresh: NewConfigurationVersion) => {
      // The newest there is now: a version that another made meanwhile is refused by the server.
      const { versions } = await client.fetchQuery({
        ...versionsQuery(http, gateway),
        staleTime: 0,
      });
      const next = (versions[0]?.version ?? 0) + 1;
      const path = `/gateways/${gateway}/configurations/${next}`;
      return http.send("PUT", path, fresh, ConfigurationDetail);
    },
    onMutate: () => setNumber(undefined),
    onSuccess: ({ version }) => {
      setNumber(version);
      return client.invalidateQueries({ queryKey: ["gateways"] });
    },
  });
  const version = data?.versions.find((one) => one.version === number);
  const isWaiting = number !== undefined && (version?.state ?? "sent") === "sent";
  return {
    push: pushing.mutate,
    version,
    isBusy: pushing.isPending || isWaiting,
    error: pushing.error,
  };
}
