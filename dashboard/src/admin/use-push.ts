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
  /** Makes the version that follows `after`: the newest when the document was read. */
  readonly push: (wanted: {
    readonly fresh: NewConfigurationVersion;
    readonly after: number;
  }) => void;
  /** The version that was pushed, as its gateway has it. */
  readonly version: ConfigurationVersion | undefined;
  /** Pushed, and the gateway has not said yet that it stays with it: a version on trial may be rolled back. */
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
    // Whoever made a version meanwhile has it kept: the server refuses this one then.
    mutationFn: ({ fresh, after }: Parameters<Pushing["push"]>[0]) => {
      const path = `/gateways/${gateway}/configurations/${after + 1}`;
      return http.send("PUT", path, fresh, ConfigurationDetail);
    },
    onMutate: () => setNumber(undefined),
    onSuccess: ({ version }) => {
      setNumber(version);
      // Devices may have been registered with it.
      void client.invalidateQueries({ queryKey: ["plants"] });
      return client.invalidateQueries({ queryKey: ["gateways"] });
    },
  });
  const version = data?.versions.find((one) => one.version === number);
  const isOpen = version === undefined || version.state === "sent" || version.state === "trial";
  const isWaiting = number !== undefined && isOpen;
  return {
    push: pushing.mutate,
    version,
    isBusy: pushing.isPending || isWaiting,
    error: pushing.error,
  };
}
