import { systemClock } from "@sunledger/runtime";
import { pino } from "pino";
import type { LinkParts } from "../../modbus/link.ts";
import { modbusLinks } from "../../modbus/links.ts";
import { loadSunspecModels } from "../../sunspec/models.ts";
import { openDevice } from "../open-device.ts";
import { startPolling } from "../start-polling.ts";
import { profiles } from "./opened-device.ts";

const second = 1_000;
const models = loadSunspecModels();

/** Meters behind a converter: they take no rest, and five seconds to be given up. */
const patient = new Map(
  [...profiles].map(([id, profile]) => {
    const own = { minRequestIntervalMs: 0, responseTimeoutMs: 5 * second };
    return [id, { ...profile, limits: { ...profile.limits, ...own } }] as const;
  }),
);

export type LineOfMeters = {
  /** The slots at which each meter was polled, by its tag, since this was asked last. */
  polled(): Map<string, number[]>;
  /** Ends the polling; resolves when nothing is under way, while time goes on. */
  stop(): Promise<void>;
};

/** Polls so many meters on one line once a second, by the system's clock. */
export function pollMeters(
  count: number,
  urlOf: (unit: number) => string,
  parts: Partial<LinkParts> = {},
): LineOfMeters {
  const stopping = new AbortController();
  const log = pino({ level: "silent" });
  const clock = systemClock();
  const links = modbusLinks({ clock, log, ...parts });
  let slots = new Map<string, number[]>();
  const { add, settled } = startPolling(
    {
      ...{ clock, log, random: () => 0.5 },
      onPolled: ([first]) => {
        if (first) slots.set(first.device, [...(slots.get(first.device) ?? []), first.at]);
      },
      onAnnouncement: () => {},
      onReach: () => {},
    },
    stopping.signal,
  );
  const classes = { fast: second, normal: second, slow: second };
  for (let unit = 1; unit <= count; unit += 1) {
    const points = { include: ["ac.power.active*"] };
    const config = { tag: `M-${unit}`, url: urlOf(unit), profile: "eastron-sdm630", points };
    add(openDevice({ config, profiles: patient, models, classes, links, clock, log }));
  }
  return {
    polled() {
      const before = slots;
      slots = new Map();
      return before;
    },
    async stop() {
      stopping.abort();
      await settled();
      links.close();
    },
  };
}
