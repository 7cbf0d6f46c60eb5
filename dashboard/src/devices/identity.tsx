import type { DeviceDetail, LiveReach } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { joined } from "../kit/format.ts";
import { Panel } from "../kit/panel.tsx";
import { useFormat } from "../kit/use-format.ts";
import styles from "./device.module.css";

type IdentityProps = {
  readonly device: DeviceDetail;
  readonly reach: LiveReach | undefined;
  readonly zone: string;
};

/** What the device says it is, how it is read and whether it answers. */
export function Identity({ device, reach, zone }: IdentityProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { texts, announcement, gateway, ratedAcW, ratedDcW } = device;
  const watts = (value: number | undefined) =>
    value === undefined ? undefined : joined(format.axis(value, "W"));
  const profile = announcement && `${announcement.profile.id} ${announcement.profile.version}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t("device:manufacturer"), texts["id.manufacturer"]],
    [t("device:model"), texts["id.model"]],
    [t("device:serial"), texts["id.serial"]],
    [t("device:firmware"), texts["id.version"]],
    [t("device:ratedAc"), watts(ratedAcW)],
    [t("device:ratedDc"), watts(ratedDcW)],
    [t("device:profile"), profile ?? device.profile],
    [t("device:gateway"), gateway],
    [t("device:reach"), reach && t(`device:reach.${reach.state}`)],
    [t("device:reachSince"), reach?.since ? format.dateTime(zone, reach.since) : undefined],
    [t("device:reason"), reach?.reason],
    [t("device:announced"), announcement && format.dateTime(zone, announcement.at)],
  ];
  return (
    <Panel title={t("device:identity")}>
      <dl className={styles.list}>
        {facts.map(([name, value]) =>
          value === undefined || value === "" ? null : (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Panel>
  );
}
