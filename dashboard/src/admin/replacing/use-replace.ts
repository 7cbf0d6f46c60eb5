import { type ConfigurationVersion, type DeviceDetail, DeviceReplacements } from "@sunledger/model";
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

export type Replace = {
  /** Has the new device polled; with serial numbers, of devices that do not say them, they are written down. */
  readonly replace: (who: Who | undefined) => void;
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
  const [wanted, setWanted] = useState<{ readonly who: Who | undefined }>();
  const path = `/devices/${device.id}/replacements`;
  const noting = useMutation({
    mutationFn: (who: Who) =>
      http.send("POST", path, { ...who, command: read.command }, DeviceReplacements),
    onSuccess: () => client.invalidateQueries({ queryKey: ["devices", device.id] }),
  });
  const { url, profile, document, after } = place;
  const own = deviceAt(document, device.tag);
  const isPolledSo = own?.url === url && own.profile === profile;
  const isRunning = isPolledSo || version?.state === "applied" || version?.state === "trial";
  const { mutate, isIdle } = noting;
  useEffect(() => {
    if (wanted?.who && isRunning && isIdle) mutate(wanted.who);
  }, [wanted, isRunning, isIdle, mutate]);

  return {
    replace(who) {
      noting.reset();
      setWanted({ who });
      if (isPolledSo || isRunning) return;
      const next = withDevices(document, [{ ...own, tag: device.tag, url, profile }]);
      const serials = [device.texts["id.serial"], read.reading.texts["id.serial"]];
      const [before = who?.before, now = who?.after] = serials;
      const note = t("replace:note", { tag: device.tag, before: before || "?", after: now || "?" });
      push({ fresh: { document: { ...next }, note }, after: version?.version ?? after });
    },
    isBusy: isBusy || noting.isPending,
    isDone: wanted !== undefined && isRunning && (!wanted.who || noting.isSuccess),
    version,
    error: error ?? noting.error,
  };
}
