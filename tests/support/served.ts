import { type AnnouncedPoint, type Device, earliestInstant, latestInstant } from "@sunledger/model";
import { accountOf, type Finding, type StoredPoint } from "../../simulators/src/ledger/account.ts";
import { readLedger } from "../../simulators/src/ledger/read-ledger.ts";
import type { StoredHouse } from "./stored.ts";
import type { Unanswered } from "./unanswered.ts";
import { withoutUnheard } from "./unheard.ts";
import { until } from "./until.ts";

export type LedgerFinding = Finding & {
  readonly device: string;
  /** That of the point. */
  readonly lane: AnnouncedPoint["lane"] | undefined;
};

export type LedgerAccount = {
  readonly compared: number;
  readonly findings: readonly LedgerFinding[];
  /** How many more were explained. */
  readonly explained: number;
  /** How many more came with answers that a gateway did not hear. */
  readonly unheard: number;
};

export type LedgerExcuses = {
  /** Whether there is a reason for what was found. */
  readonly explains?: (finding: LedgerFinding) => boolean;
  /** Requests that gateways gave up until now, as they say themselves. */
  readonly unanswered?: () => readonly Unanswered[];
};

const always = { from: earliestInstant, to: latestInstant };

/**
 * Holds what is stored against what the simulators wrote down that they served, up to the instant:
 * every poll is there, once, with all values that were served in it, and nothing else is.
 */
async function compareWithLedger(
  stored: StoredHouse,
  ledgerDir: string,
  upTo: number,
  { explains = () => false, unanswered = () => [] }: LedgerExcuses,
): Promise<LedgerAccount> {
  let [compared, explained, unheard] = [0, 0, 0];
  const givenUp = Map.groupBy(unanswered(), ({ device }) => device);
  const findings: LedgerFinding[] = [];
  for (const plant of await stored.records.plants(stored.organisation)) {
    for (const device of await stored.records.devices(stored.organisation, plant.id)) {
      const served = await readLedger(ledgerDir, plant.code, device.tag);
      const points = await storedPoints(stored, device);
      const account = accountOf(points, served, upTo);
      compared += account.compared;
      const lanes = new Map(device.announcement?.points.map(({ name, lane }) => [name, lane]));
      const name = `${plant.code}/${device.tag}`;
      const named = (finding: Finding): LedgerFinding => {
        return { device: name, lane: lanes.get(finding.point), ...finding };
      };
      const open = account.findings.filter((finding) => !explains(named(finding)));
      explained += account.findings.length - open.length;
      const own = (givenUp.get(name) ?? []).map(({ at }) => at);
      const judged = withoutUnheard({ stored: points, served, givenUp: own }, open);
      unheard += judged.unheard;
      findings.push(...judged.told.map(named));
    }
  }
  if (unheard > 0) process.stdout.write(`${unheard} of ${compared} values were not heard\n`);
  return { compared, findings, explained, unheard };
}

/** The same of all that was served until now, as soon as every gateway has delivered that. */
export async function compareAllServed(
  open: () => Promise<StoredHouse>,
  ledgerDir: string,
  excuses: LedgerExcuses = {},
): Promise<LedgerAccount> {
  const now = Date.now();
  const stored = await open();
  try {
    await until("all that was served to be delivered", async () => {
      const newest = await newestOfEach(stored);
      return newest.length > 0 && newest.every((at) => at > now);
    });
    return await compareWithLedger(stored, ledgerDir, now, excuses);
  } finally {
    await stored.close();
  }
}

/** When the newest stored value of each device was taken. */
async function newestOfEach({ organisation, records, store }: StoredHouse): Promise<number[]> {
  const devices = await records.devices(organisation);
  const ids = devices.map(({ id }) => id);
  const now = Date.now();
  const values = await store.latest({ organisation, devices: ids, now, lookBackMs: 3_600_000 });
  return ids.map((id) =>
    Math.max(0, ...values.filter(({ device }) => device === id).map(({ at }) => at)),
  );
}

async function storedPoints(house: StoredHouse, device: Device): Promise<StoredPoint[]> {
  const announced = device.announcement?.points ?? [];
  const values = new Map(
    announced.map(({ name }) => [name, [] as StoredPoint["values"][number][]]),
  );
  const points = [...values.keys()];
  const { organisation, store } = house;
  for await (const { point, at, value, flag } of store.read({
    organisation,
    devices: [device.id],
    points,
    ...always,
  })) {
    values.get(point)?.push({ at, value, flag });
  }
  return announced.map(({ name, everyMs }: AnnouncedPoint) => ({
    point: name,
    everyMs,
    values: values.get(name) ?? [],
  }));
}
