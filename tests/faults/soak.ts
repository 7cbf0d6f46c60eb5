import { parseArgs } from "node:util";
import { hasMosquitto } from "../support/mosquitto.ts";
import { allKinds, kindOf } from "./fault-kinds.ts";
import type { BrokerKind } from "./kept-broker.ts";
import { keepSoak, type SoakResult } from "./last-results.ts";
import { mostMegabytes, suffer } from "./suffer.ts";
import { writePage } from "./write-page.ts";

const longestEveryMs = 15_000;
/** For the last third nothing is killed, that long at most: a leak shows in a process that lives on. */
const mostHoursWithoutEnd = 3;
const leastHoursWithoutEnd = 1.1;
/** Megabytes an hour that no program may grow by in the long run (F25). */
const mostSlope = 1;

const usage = `npm run soak -- --hours HOURS [--seed N] [--broker aedes|mosquitto]

Lets real processes run for that long under faults at random, and says whether everything that was
served is stored. With the same hours the seed brings back the same schedule, but for what the broker or the
machine rules out; without one it is chosen and printed. From
${2 * leastHoursWithoutEnd} hours on nothing is killed in the last third: by that it is judged what memory grows.`;

const { values } = parseArgs({
  options: {
    hours: { type: "string" },
    seed: { type: "string" },
    broker: { type: "string", default: "aedes" },
    help: { type: "boolean", default: false },
  },
});
const hours = Number(values.hours);
/** Each kind of fault comes at least once, however short the time is. */
const everyMs = Math.min(longestEveryMs, Math.round((hours * 3_600_000) / allKinds.length));
const seed = values.seed === undefined ? Date.now() % 2 ** 32 : Number(values.seed);

if (values.help || !(hours > 0) || !Number.isSafeInteger(seed) || !isBroker(values.broker)) {
  say(usage);
  process.exitCode = values.help ? 0 : 2;
} else if (values.broker === "mosquitto" && !hasMosquitto()) {
  say("mosquitto is not installed");
  process.exitCode = 2;
} else {
  process.exitCode = (await soak(values.broker)) ? 0 : 1;
}

async function soak(broker: BrokerKind): Promise<boolean> {
  const command = `npm run soak -- --hours ${hours} --broker ${broker} --seed ${seed}`;
  say(command);
  const without = hoursWithoutEnd();
  const living = allKinds.filter((kind) => !kindOf(kind).ends);
  const fastMs = hours > 1 ? 5_000 : 1_000;
  const suffered = await suffer({
    ...{ broker, seed, everyMs, fastMs, long: true, say },
    rounds: Math.max(1, roundsOf(hours - without, allKinds.length)),
    roundsWithoutEnd: roundsOf(without, living.length),
  });
  const { account, restored, incidents, surprises, growth, highestMegabytes } = suffered;
  const megabytes = Math.round(Math.max(...Object.values(highestMegabytes)));
  const grown = Object.entries(growth);
  const wrong = [
    ...account.wrong,
    ...restored.wrong.map((line) => `restored: ${line}`),
    ...suffered.damage,
    ...suffered.lostOnRestore,
    ...(suffered.jumped?.wrong ?? []).map((line) => `a clock jumped: ${line}`),
    ...(suffered.rolledUp?.wrong ?? []).map((line) => `rolled up: ${line}`),
    ...suffered.api.wrong,
    ...surprises,
    ...incidents.flatMap(({ fault, failed }) => (failed ? [`${fault.kind}: ${failed}`] : [])),
    ...Object.entries(highestMegabytes).flatMap(([name, most]) =>
      most > mostMegabytes ? [`${name} held ${Math.round(most)} MB`] : [],
    ),
    ...grown.flatMap(([name, { slope, hours: watched }]) => {
      if (slope === undefined && without === 0) return [];
      if (slope === undefined) return [`${name} was watched for ${watched.toFixed(2)} h alone`];
      return slope > mostSlope ? [`${name} grows by ${slope.toFixed(1)} MB/h`] : [];
    }),
  ];
  const result: SoakResult = {
    ...{ at: new Date().toISOString(), hours, broker, seed },
    ...{ faults: incidents.length, frames: account.frames, compared: account.compared },
    ...{ wrong: wrong.length, megabytes },
    growth,
  };
  for (const [name, { hours, slope }] of grown) {
    say(
      `${name}: ${slope === undefined ? "no slope" : `${slope.toFixed(2)} MB/h`}, one life of ${hours.toFixed(2)} h`,
    );
  }
  keepSoak(result);
  writePage();
  for (const line of wrong) say(line);
  say(wrong.length === 0 ? "nothing is wrong" : `${wrong.length} things are wrong: ${command}`);
  return wrong.length === 0;
}

/** None where the time is too short to judge memory by. */
function hoursWithoutEnd(): number {
  const third = Math.min(mostHoursWithoutEnd, hours / 3);
  return hours < 2 * leastHoursWithoutEnd ? 0 : Math.max(leastHoursWithoutEnd, third);
}

function roundsOf(ofHours: number, kinds: number): number {
  return Math.round((ofHours * 3_600_000) / (everyMs * kinds));
}

function isBroker(name: string): name is BrokerKind {
  return name === "aedes" || name === "mosquitto";
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
