import { type Clock, loadConfig, systemClock } from "@sunledger/runtime";
import { carryOver } from "@sunledger/store";
import { Command, InvalidArgumentError } from "commander";
import { contentLines, valuesElsewhere } from "../backup/tell-backup.ts";
import { requireDatabase } from "../database/require-database.ts";
import { installation } from "../database/with-database.ts";
import { messageOf, PlainError } from "../plain-error.ts";
import { print } from "../print.ts";
import { HouseSettings } from "../settings.ts";
import { startHouseDatabase } from "../start/house-database.ts";
import { holdDataFolder } from "../start/house-lock.ts";

type Options = { readonly to: string; readonly replace?: boolean };

export function moveCommand(): Command {
  return new Command("move")
    .description("carry a stopped installation's database over into another PostgreSQL")
    .requiredOption("--to <url>", "postgres://…, as the role that is to own the tables", address)
    .option("--replace", "lose what that database holds now")
    .addHelpText(
      "after",
      `
Every row is compared there before a program may start on it. Broken off, the same command goes on where it
was; where the installation has run since, it begins anew. What was is left as it was. Afterwards
start with SUNLEDGER_DATABASE_URL.

Example:
  $ npx sunledger move --to postgres://sunledger@db/sunledger`,
    )
    .action(move);
}

async function move({ to, replace = false }: Options): Promise<void> {
  const settings = loadConfig(HouseSettings);
  const folder = installation(settings);
  const clock = systemClock();
  await requireDatabase(to);
  const release = holdDataFolder(folder);
  try {
    const database = await startHouseDatabase({ settings, folder, clock });
    try {
      const elsewhere = valuesElsewhere(settings.SUNLEDGER_TIMESERIES_URL);
      const moved = await carryOver(database.ownerUrl, to, {
        ...{ at: clock.now(), replace, valuesElsewhere: elsewhere, onSection: progress(clock) },
      }).catch((error: unknown) => {
        throw whyNotMoved(error, to);
      });
      for (const line of contentLines(moved)) print(line);
      if (moved.found > 0) {
        print(`${moved.found.toLocaleString("en")} of them had been carried over before.`);
      }
      print(
        "Carried over. Start it there with SUNLEDGER_DATABASE_URL; what was is left as it was.",
      );
    } finally {
      await database.stop();
    }
  } finally {
    release();
  }
}

function address(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Write it as postgres://ROLE:PASSWORD@HOST/DATABASE.");
}

const tellEveryMs = 10_000;

/** Says now and then how far it has come. */
function progress(clock: Clock): (done: number, all: number) => void {
  let told = clock.now();
  return (done, all) => {
    if (clock.now() - told < tellEveryMs) return;
    told = clock.now();
    print(`${done.toLocaleString("en")} of ${all.toLocaleString("en")} parts are over there.`);
  };
}

function whyNotMoved(error: unknown, to: string): PlainError {
  const { host, pathname } = new URL(to);
  return new PlainError(
    `The move to the database ${pathname.slice(1)} on ${host} has not come to its end: ` +
      `${messageOf(error)}. The installation is as it was; the same command goes on.`,
  );
}
