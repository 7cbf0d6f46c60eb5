import { type ConfigurationVersion, type DeviceDetail, DeviceRating } from "@sunledger/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type Document, deviceAt, withDevices } from "../document.ts";
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

/** What goes with the exchange. */
export type Wish = {
  /** Of devices that do not say their serial numbers: their gateway is told. */
  readonly who?: Who;
  /** Where the new device is rated for something else. */
  readonly rating?: DeviceRating;
  /** What was set by hand for the old device is meant for the new one too. */
  readonly keepsSet: boolean;
};

export type Replace = {
  readonly replace: (wish: Wish) => void;
  readonly isBusy: boolean;
  readonly isDone: boolean;
  readonly version: ConfigurationVersion | undefined;
  readonly error: Error | null;
};

/** Polls another device under the same tag, and notes what it is rated for when that has proved itself. */
export function useReplace({ device, gateway, place, read }: ReplaceParts): Replace {
  const { t } = useTranslation();
  const { http } = useParts();
  const client = useQueryClient();
  const { push, version, isBusy, error } = usePush(gateway);
  const [wanted, setWanted] = useState<Wish>();
  const noting = useMutation({
    mutationFn: async ({ rating }: Wish) => {
      if (rating) await http.send("PUT", `/devices/${device.id}/rating`, rating, DeviceRating);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["devices", device.id] });
      await client.invalidateQueries({ queryKey: ["plants"] });
    },
  });
  const { url, profile, document, after } = place;
  const { tag } = device;
  const next = (keepsSet: boolean) => {
    const { ratios: _, points: _old, ...bare } = deviceAt(document, tag) ?? {};
    const own = keepsSet ? deviceAt(document, tag) : bare;
    return withDevices(document, [{ ...own, tag, url, profile }]);
  };
  // Polled so already, and nothing to tell: there is no version to wait for.
  const isNoNews = (wish: Wish) => !wish.who && isSame(next(wish.keepsSet), document);
  const isRunning = version?.state === "applied" || (wanted !== undefined && isNoNews(wanted));
  const { mutate, isIdle } = noting;
  useEffect(() => {
    if (wanted && isRunning && isIdle) mutate(wanted);
  }, [wanted, isRunning, isIdle, mutate]);

  return {
    replace(wish) {
      const { who, keepsSet } = wish;
      noting.reset();
      setWanted(wish);
      if (isNoNews(wish) || version?.state === "applied") return;
      const serials = [device.texts["id.serial"], read.reading.texts["id.serial"]];
      const [before = who?.before, now = who?.after] = serials;
      const note = t("replace:note", { tag, before: before || "?", after: now || "?" });
      const exchanges = who ? [{ tag, ...who, command: read.command }] : [];
      push({
        fresh: { document: { ...next(keepsSet) }, note, exchanges },
        after: version?.version ?? after,
      });
    },
    isBusy: isBusy || noting.isPending,
    isDone: isRunning && noting.isSuccess,
    version,
    error: error ?? noting.error,
  };
}

/** Whether two documents say the same of each device, in whatever order. */
function isSame(one: Document, other: Document): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function inOrder(document: Document) {
  const devices = Array.isArray(document.devices) ? document.devices : [];
  return devices.map((device) => JSON.stringify(Object.entries(device).sort())).sort();
}
