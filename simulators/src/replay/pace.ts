import { type Clock, openDriver, type Scope } from "@sunledger/runtime";
import type { FrameSender } from "../sender/frame-sender.ts";

/** Decides when a frame that arrived at an instant of the file is sent. */
export type Pace = {
  /** Called with growing instants; resolves when frames of that instant may go. */
  until(arrival: number): Promise<void>;
  /** After the last frame. */
  end(): Promise<void>;
};

/** Everything at once. */
export const fullSpeed: Pace = { until: async () => {}, end: async () => {} };

/** `speed` times as fast as it happened. */
export function timesFaster(speed: number, clock: Clock, signal: AbortSignal): Pace {
  let begun: { readonly at: number; readonly arrival: number } | undefined;
  return {
    async until(arrival) {
      begun ??= { at: clock.now(), arrival };
      const due = begun.at + (arrival - begun.arrival) / speed;
      if (due > clock.now()) await clock.wait(due - clock.now(), signal);
    },
    end: async () => {},
  };
}

const minute = 60_000;

/**
 * The time of the file is the house's own: before it passes a minute, everything up to then is
 * stored, and every program has done what was due.
 */
export async function drivingTime(
  sender: FrameSender,
  settings: {
    readonly mqttUrl: string;
    readonly secret: string;
    readonly programs: readonly string[];
  },
  scope: Scope,
): Promise<Pace> {
  const driver = await openDriver(settings, settings.programs);
  scope.onStop("driver", () => driver.close());
  let told = Number.NEGATIVE_INFINITY;
  let newest = told;
  const tick = async (at: number) => {
    await sender.drained();
    await driver.tick(at);
    told = at;
  };
  return {
    async until(arrival) {
      const due = Math.floor(arrival / minute) * minute;
      // The first tick tells the programs where they are.
      if (due > told) await tick(due);
      newest = Math.max(newest, arrival);
    },
    end: () => tick(newest),
  };
}
