import type { BrowserClock } from "../app/clock.ts";
import { type Connection, connectionOf, type Heard, quietMs } from "./connection.ts";

/** The line to the server as the page knows it: open or broken, and what was last heard over it. */
export type Line = {
  connection(): Connection;
  isOpen(): boolean;
  /** Something was heard, however little. */
  hear(): void;
  opened(): void;
  broke(): void;
  /** It could not be opened. */
  refused(): void;
  /** When the silence will have lasted too long, by the clock. */
  quietAt(): number;
};

export type LineParts = {
  readonly clock: BrowserClock;
  /** Fetches what the page shows; after a break also what was missed meanwhile. */
  readonly catchUp: (afterBreak: boolean) => Promise<unknown>;
  /** All is there again. */
  readonly onCaughtUp: () => void;
};

export function openLine({ clock, catchUp, onCaughtUp }: LineParts): Line {
  let returns = 0;
  let heard: Heard = {
    connected: false,
    filled: false,
    brokenSince: null,
    heardAt: null,
  };

  const hear = () => {
    const { heardAt, connected, filled } = heard;
    const now = clock.now();
    const silent = connected && filled && heardAt !== null && now - heardAt >= quietMs;
    heard = { ...heard, heardAt: now };
    if (!silent) return;
    // What was said meanwhile may never come: as after a break.
    heard = { ...heard, brokenSince: heardAt };
    void comeBack();
  };

  const comeBack = async () => {
    const afterBreak = heard.brokenSince !== null;
    returns += 1;
    const own = returns;
    heard = { ...heard, connected: true, filled: false };
    await catchUp(afterBreak);
    // Only the latest return knows that all is there.
    if (!heard.connected || own !== returns) return;
    hear();
    heard = { ...heard, filled: true, brokenSince: null };
    onCaughtUp();
  };

  const brokenSince = () => heard.brokenSince ?? clock.now();
  return {
    connection: () => connectionOf(heard, clock.now()),
    isOpen: () => heard.connected,
    hear,
    opened: () => void comeBack(),
    broke() {
      heard = { ...heard, connected: false, filled: false, brokenSince: brokenSince() };
    },
    refused() {
      heard = { ...heard, brokenSince: brokenSince() };
    },
    quietAt: () => (heard.heardAt ?? Number.NEGATIVE_INFINITY) + quietMs,
  };
}
