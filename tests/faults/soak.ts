import { parseArgs } from "node:util";
import { hasMosquitto } from "../support/mosquitto.ts";
import type { BrokerKind } from "./kept-broker.ts";
import { keepSoak, type SoakResult } from "./last-results.ts";
import { suffer } from "./suffer.ts";
import { writePage } from "./write-page.ts";

const everyMs = 15_000;
const kindsARound = 30;
/** Megabytes an hour that no program may grow by in the long run (F25). */
const mostSlope = 1;

const usage = `npm run soak -- --hours HOURS [--seed N] [--broker aedes|mosquitto]

Lets real processes run for that long under faults at random, and says whether everything that was
served is stored. The seed brings back the same schedule; without one it is chosen and printed.`;

const { values } = parseArgs({
  options: {
    hours: { type: "string" },
    seed: { type: "string" },
    broker: { type: "string", default: "aedes" },
    help: { type: "boolean", default: false },
  },
});
const hours = Number(values.hours);
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
  say(`soak of ${hours} h on ${broker}: --seed ${seed}`);
  const rounds = Math.max(1, Math.round((hours * 3_600_000) / (everyMs * kindsARound)));
  const fastMs = hours > 1 ? 5_000 : 1_000;
  const suffered = await suffer({ broker, seed, rounds, everyMs, fastMs, long: true, say });
  const { account, restored, incidents, surprises, slopesMegabytesAnHour: slopes } = suffered;
  const wrong = [
    ...account.wrong,
    ...restored.wrong.map((line) => `restored: ${line}`),
    ...surprises,
    ...incidents.flatMap(({ fault, failed }) => (failed ? [`${fault.kind}: ${failed}`] : [])),
    ...Object.entries(slopes).flatMap(([name, slope]) =>
      slope > mostSlope ? [`${name} grows by ${slope.toFixed(1)} MB/h`] : [],
    ),
  ];
  const result: SoakResult = {
    ...{ at: new Date().toISOString(), hours, broker, seed },
    ...{ faults: incidents.length, frames: account.frames, compared: account.compared },
    wrong: wrong.length,
  };
  keepSoak(result);
  writePage();
  for (const line of wrong) say(line);
  say(wrong.length === 0 ? "nothing is wrong" : `${wrong.length} things are wrong: --seed ${seed}`);
  return wrong.length === 0;
}

function isBroker(name: string): name is BrokerKind {
  return name === "aedes" || name === "mosquitto";
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
