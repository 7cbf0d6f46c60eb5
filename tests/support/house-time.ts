/** Options by which a house lives in June in China at an hour that is not the machine's, at real speed. */
function since(instant: string): readonly string[] {
  return ["--clock", "driven", "--speed", "1", "--at", instant];
}

/** By day the screens have the most to say. */
export const atNoon = since("2026-06-21T12:00:00+08:00");

/** The inverters of both demo plants sleep. */
export const atNight = since("2026-06-21T23:30:00+08:00");
