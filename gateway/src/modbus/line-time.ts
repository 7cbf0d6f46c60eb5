import type { LineAddress, SerialSettings } from "@sunledger/model/line-address";

/** Behind a converter of which the address does not say how fast its line is: most are left as they came. */
const usualLine: SerialSettings = { baud: 9_600, parity: "none", stopBits: 1 };
/** Between request and answer a device thinks for so long at least. */
const turnaroundMs = 10;
/** The silence between two frames, in characters, and never shorter than at 19200 baud. */
const silentChars = 3.5;
const leastSilenceMs = 1.75;
/** The request, and what an answer has besides its registers. */
const requestChars = 8 + 5;
const charsPerRegister = 2;

/** How long one character takes on the line, with its start, parity and stop bits. */
export function charMs(line: LineAddress): number {
  const { baud, parity, stopBits } =
    line.transport === "serial" ? line : (line.serial ?? usualLine);
  return ((1 + 8 + (parity === "none" ? 0 : 1) + stopBits) * 1_000) / baud;
}

/** The silence that ends a frame. */
export function silenceMs(line: LineAddress): number {
  return Math.max(leastSilenceMs, silentChars * charMs(line));
}

/**
 * How many unwanted registers take as long as one request more, on a line where bytes take time.
 * `pauseMs` is what the device wants between an answer and the next request.
 */
export function worthwhileGap(line: LineAddress, pauseMs: number): number {
  if (line.transport === "tcp") return Number.POSITIVE_INFINITY;
  const requestMs = requestChars * charMs(line) + 2 * silenceMs(line) + turnaroundMs + pauseMs;
  return Math.floor(requestMs / (charsPerRegister * charMs(line)));
}
