import type { DeviceDetail } from "@sunledger/model";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { mostPoints } from "./device-search.ts";

/** What is drawn until something is chosen, of the points that the device has. */
const telling = [
  "ac.power.active",
  "dc.power",
  "met.irradiance.poa",
  "met.irradiance.ghi",
  "temp.ambient",
];

/** The points of the history chart, kept in the address. */
export function useChosenPoints(device: DeviceDetail) {
  const { points } = useSearch({ from: "/shell/devices/$device" });
  const navigate = useNavigate({ from: "/devices/$device" });
  const known = new Set(device.points.map(({ name }) => name));
  const usual = telling.filter((name) => known.has(name)).slice(0, 2);
  const chosen = chosenPoints(points, known, usual);
  const toggle = (point: string) => {
    const next = chosen.includes(point)
      ? chosen.filter((each) => each !== point)
      : [...chosen, point].slice(0, mostPoints);
    void navigate({ search: (before) => ({ ...before, points: next }), replace: true });
  };
  return { chosen, toggle };
}

/** What was asked for, as far as the device has it; the usual where it has none of it. */
export function chosenPoints(
  asked: readonly string[] | undefined,
  known: ReadonlySet<string>,
  usual: readonly string[],
): readonly string[] {
  if (asked?.length === 0) return asked;
  const found = asked?.filter((name) => known.has(name)) ?? [];
  return found.length > 0 ? found : usual;
}
