import type { Clock } from "@sunledger/runtime";
import {
  isSeriesAddress,
  openDatabase,
  postgresSizes,
  roomAt,
  usualKeeping,
} from "@sunledger/store";
import { withDatabase } from "../../database/with-database.ts";
import type { HouseSettings } from "../../settings.ts";
import { dataFolder } from "../../start/data-folder.ts";
import { readRunningHouse } from "../../start/running-house.ts";
import { houseTime } from "../house-time.ts";
import type { Told } from "./tell-size.ts";

/** Measures an installation by its own time, running or not. */
export async function measureSize(settings: HouseSettings, clock: Clock): Promise<Told> {
  const folder = dataFolder(settings.SUNLEDGER_DATA_DIR);
  const running = readRunningHouse(folder);
  const time = running ? await houseTime(running, folder, clock) : {};
  const elsewhere = settings.SUNLEDGER_TIMESERIES_URL;
  const isOwn = elsewhere !== undefined && !isSeriesAddress(elsewhere);
  return withDatabase(settings, clock, async ({ url }) => {
    const database = await openDatabase(isOwn ? elsewhere : url, {
      name: "sunledger-doctor",
      most: 1,
    });
    try {
      return {
        sizes: await postgresSizes(database, time.now ?? clock.now()),
        keeping: {
          packAfterDays: settings.SUNLEDGER_PACK_AFTER_DAYS ?? usualKeeping.packAfterDays,
          keepRawDays: settings.SUNLEDGER_KEEP_RAW_DAYS ?? usualKeeping.keepRawDays,
          keepMinutesDays: settings.SUNLEDGER_KEEP_MINUTES_DAYS ?? usualKeeping.keepMinutesDays,
        },
        ...(!settings.SUNLEDGER_DATABASE_URL && !isOwn && { room: roomAt(folder.path) }),
        ...(elsewhere && !isOwn && { elsewhere: new URL(elsewhere).host }),
      };
    } finally {
      await database.close();
    }
  });
}
