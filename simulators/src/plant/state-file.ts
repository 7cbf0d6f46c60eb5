import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError } from "@sunledger/runtime";
import * as z from "zod";
import type { PlantState } from "./plant-model.ts";

const Counters = z.record(z.string(), z.number().nonnegative());

const KeptDemand = z.object({
  marks: z.array(z.number().nonnegative()),
  latest: z.number().nonnegative(),
  highest: z.number().nonnegative(),
});

const KeptMeterDemand = z.object({ import: KeptDemand, export: KeptDemand });

const KeptState = z.object({
  origin: z.int(),
  at: z.int(),
  cellTemperature: z.number(),
  counters: Counters,
  dayStart: Counters,
  monthStart: Counters,
  yearStart: Counters,
  demand: KeptMeterDemand.optional(),
  ownDemands: z.record(z.string(), KeptMeterDemand).optional(),
});

const StateFile = z.object({
  v: z.literal(1),
  seed: z.string(),
  plant: z.string(),
  state: KeptState,
});

/** How far one plant's counters have come, kept over restarts. */
export type StateFile = {
  /** `undefined` when nothing was kept for this seed. */
  read(): Promise<PlantState | undefined>;
  /** On disk as a whole or not at all. */
  write(state: PlantState): Promise<void>;
};

/** The state of a plant in a folder, which is made when it is absent. */
export function stateFile(folder: string, seed: string, plant: string): StateFile {
  const path = join(folder, `${plant}.json`);

  return {
    async read() {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw new ConfigError(`the kept counters ${path} cannot be read`, { cause: error });
      });
      if (text === undefined) return undefined;
      const kept = StateFile.safeParse(json(text));
      if (!kept.success) {
        throw new ConfigError(
          `the kept counters ${path} cannot be used; remove the file to begin anew\n${z.prettifyError(kept.error)}`,
        );
      }
      return kept.data.seed === seed && kept.data.plant === plant ? kept.data.state : undefined;
    },

    async write(state) {
      await mkdir(dirname(path), { recursive: true });
      const part = `${path}.part`;
      const file = await open(part, "w");
      try {
        await file.writeFile(JSON.stringify({ v: 1, seed, plant, state }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
