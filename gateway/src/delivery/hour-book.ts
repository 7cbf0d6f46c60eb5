import { common, type HourCount, type Lane, mostHours, type Range, sizeOf } from "@sunledger/model";
import { gone, type LaneState, lanes, lanesOf, waiting } from "../outbox/lane-state.ts";
import type { OutboxState } from "../outbox/outbox-file.ts";

/** Which numbers were given in which hour, since the gateway started (D-13). */
export interface HourBook {
  /** Takes in what the outbox has given since the call before. */
  note(state: OutboxState, now: number): void;
  /** What became of each hour's numbers by now. */
  told(lane: Lane, state: LaneState): HourCount[];
}

type Hour = { readonly hour: number; readonly from: number; to: number };

const hourMs = 3_600_000;

export function hourBook(opened: OutboxState): HourBook {
  let { epoch } = opened;
  let last = lanesOf((lane) => opened.lanes[lane].last);
  let hours = lanesOf((): Hour[] => []);

  return {
    note(state, now) {
      if (state.epoch !== epoch) {
        // Whatever waited has new numbers, of no hour.
        ({ epoch } = state);
        last = lanesOf((lane) => state.lanes[lane].last);
        hours = lanesOf(() => []);
        return;
      }
      const hour = Math.floor(now / hourMs) * hourMs;
      for (const lane of lanes) {
        const to = state.lanes[lane].last;
        if (to === last[lane]) continue;
        const present = hours[lane].at(-1);
        if (present?.hour === hour) present.to = to;
        else hours[lane].push({ hour, from: last[lane] + 1, to });
        if (hours[lane].length > mostHours) hours[lane].shift();
        last[lane] = to;
      }
    },

    told(lane, state) {
      const [open, lost] = [waiting(state), gone(state)];
      return hours[lane].map(({ hour, from, to }): HourCount => {
        const span: Range = [from, to];
        return [hour, from, to, sizeOf(common(open, [span])), sizeOf(common(lost, [span]))];
      });
    },
  };
}
