import * as z from "zod";
import { LocalText } from "../plant/plant.ts";

/** A plant or a device that was searched for. */
export const FoundPlace = z.object({
  kind: z.enum(["plant", "device"]),
  id: z.string(),
  /** What it is called on the spot: a plant's code, a device's tag. */
  mark: z.string(),
  name: LocalText,
  /** What a device says of itself. */
  serial: z.string().optional(),
  model: z.string().optional(),
  /** The plant that a device belongs to. */
  plant: z.object({ id: z.string(), code: z.string(), name: LocalText }).optional(),
});
export type FoundPlace = z.infer<typeof FoundPlace>;

/** The best first. */
export const FoundPlaces = z.object({
  items: z.array(FoundPlace),
  /** Whether there are others. */
  more: z.boolean(),
});
export type FoundPlaces = z.infer<typeof FoundPlaces>;
