import { useTranslation } from "react-i18next";
import { joined } from "../../kit/format.ts";
import { useFreshnessText } from "../../kit/freshness.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { isCurrent } from "../../live/freshness.ts";
import type { Peer } from "./deviation.ts";

/**
 * An inverter of the grid in words, with its values and their units: what a cell has no room for. It
 * begins with what the cell shows, so that who speaks what is seen is understood.
 */
export function useInverterName(now: number, zone: string): (peer: Peer) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const tell = useFreshnessText();

  const wattsOf = ({ power }: Peer) =>
    typeof power?.value === "number" ? joined(format.measure(power.value, "W")) : undefined;
  const isNow = (peer: Peer) => {
    const { deviation } = peer;
    const percent = deviation === null ? undefined : format.signed(deviation * 100, 1);
    return [
      percent !== undefined && t("plant:grid.deviation", { percent }),
      wattsOf(peer) ?? t("kit:freshness.never"),
    ];
  };
  const was = (peer: Peer) => {
    const { state, power, device } = peer;
    const watts = wattsOf(peer);
    return [
      tell({ state, at: power?.at ?? device.newestAt, now, zone }),
      watts !== undefined && t("plant:grid.then", { power: watts }),
    ];
  };
  return (peer) => {
    const said = isCurrent(peer.state) ? isNow(peer) : was(peer);
    return `${peer.device.tag} ${said.filter(Boolean).join(t("plant:grid.comma"))}`;
  };
}
