/** Latest instant a frame may carry: 9999-12-31, in Unix milliseconds. */
export const latestInstant = 253_402_300_799_999;
/** Earliest instant a frame may carry: 1990-01-01, in Unix milliseconds. */
export const earliestInstant = 631_152_000_000;
/** How far a frame may be ahead of the house's clock (D-14), milliseconds. */
export const mostAheadMs = 10 * 60_000;
