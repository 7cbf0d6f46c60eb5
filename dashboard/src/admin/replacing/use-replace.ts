import {
  type ConfigurationVersion,
  type DeviceDetail,
  DeviceRating,
  DeviceReplacements,
} from "@sunledger/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { deviceAt, withDevices } from "../document.ts";
import type { Read } from "../onboarding/test-step.tsx";
import { usePush } from "../use-push.ts";
import type { Who } from "./compare.ts";
import type { NewPlace } from "./place-step.tsx";

type ReplaceParts = {
  readonly device: DeviceDetail;
  readonly gateway: string;
  readonly place: NewPlace;
  readonly read: Read;
};

/** What is written down once the new device is polled. */
export type Wish = {
  /** Of devices that do not say their serial numbers. */
  readonly who?: Who;
  /** Where the new device is rated for something else. */
  readonly rating?: DeviceRating;
};

export type Replace = {
  readonly replace: (wish: Wish) => void;
  readonly isBusy: boolean;
  readonly isDone: boolean;
  readonly version: ConfigurationVersion | undefined;
  readonly error: Error | null;
};

/** Polls another device under the same tag, and then writes the exchange down where nobody else would. */
export function useReplace({ device, gateway, place, read }: ReplaceParts): Replace {
  const { t } = useTranslation();
  const { http } = useParts();
  const client = useQueryClient();
  const { push, version, isBusy, error } = usePush(gateway);
  const [wanted, setWanted] = useState<Wish>();
  const path = `/devices/${device.id}`;
  const noting = useMutation({
    mutationFn: async ({ who, rating }: Wish) => {
      const exchange = { ...who, command: read.command };
      if (who) await http.send("POST", `${path}/replacements`, exchange, DeviceReplacements);
      if (rating) await http.send("PUT", `${path}/rating`, rating, DeviceRating);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["devices", device.id] });
      await client.invalidateQueries({ queryKey: ["plants"] });
    },
  });
  const { url, profile, document, after } = place;
  const own = deviceAt(document, device.tag);
  const isPolledSo = own?.url === url && own.profile === profile;
  const isRunning = isPolledSo || version?.state === "applied" || version?.state === "trial";
  const { mutate, isIdle } = noting;
  useEffect(() => {
    if (wanted && isRunning && isIdle) mutate(wanted);
  }, [wanted, isRunning, isIdle, mutate]);

  return {
    replace(wish) {
      const { who } = wish;
      noting.reset();
      setWanted(wish);
      if (isPolledSo || isRunning) return;
      const next = withDevices(document, [{ ...own, tag: device.tag, url, profile }]);
      const serials = [device.texts["id.serial"], read.reading.texts["id.serial"]];
      const [before = who?.before, now = who?.after] = serials;
      const note = t("replace:note", { tag: device.tag, before: before || "?", after: now || "?" });
      push({ fresh: { document: { ...next }, note }, after: version?.version ?? after });
    },
    isBusy: isBusy || noting.isPending,
    isDone: isRunning && noting.isSuccess,
    version,
    error: error ?? noting.error,
  };
}
