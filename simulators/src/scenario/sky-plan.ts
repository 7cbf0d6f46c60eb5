import * as z from "zod";

/** What the sky over a plant is like. */
export const SkyPlan = z.strictObject({
  /**
   * `passing`: clear, broken and grey days follow one another as the seed has it; the others stay.
   */
  sky: z.enum(["passing", "clear", "broken", "overcast"]).default("passing"),
  /** Linke turbidity: 2 very clear, 3 rural, 4 to 5 humid or urban. */
  turbidity: z.number().min(1).max(8).default(3.6),
  /** How much warmer the air is than the place and the season have it, °C. */
  warmer: z.number().min(-30).max(30).default(0),
});
export type SkyPlan = z.infer<typeof SkyPlan>;
