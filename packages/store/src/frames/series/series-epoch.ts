import { Lane } from "@sunledger/model";
import { type Database, readOrganisation } from "../../database.ts";
import { type EpochOutcome, type EpochQuestion, epochOutcome } from "../epoch-outcome.ts";
import type { SeriesEngine } from "./series-engine.ts";
import { seriesPlaces } from "./series-places.ts";
import { streamNumber } from "./stream-number.ts";

/** As `epochOutcome`, with the frames that are in the store of time series. */
export async function seriesEpochOutcome(
  database: Database,
  engine: SeriesEngine,
  question: EpochQuestion,
): Promise<EpochOutcome> {
  const { organisation, from, to } = question;
  const streams = new Set(
    Lane.options.map((lane) => {
      return streamNumber({ ...question, lane, arrival: 0, frames: [], quarantined: [], gaps: [] });
    }),
  );
  const places = await readOrganisation(database.pool, organisation, (client) =>
    seriesPlaces(client),
  );
  let beside = 0;
  for (const { device, layout, since } of places) {
    const asked = { organisation, device, layout, points: [], good: false };
    for await (const page of engine.pages({ ...asked, from: Math.max(from, since), to: to + 1 })) {
      beside += page.filter(({ stream }) => streams.has(stream)).length;
    }
  }
  return epochOutcome(database, question, beside);
}
