/** After how many days a day is packed, and for how many values and roll-ups of minutes are kept, unless it is said otherwise. */
export const usualKeeping = { packAfterDays: 30, keepRawDays: 730, keepMinutesDays: 730 } as const;
