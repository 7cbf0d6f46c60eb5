import { DeviceTag } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import * as z from "zod";

const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** When a fault begins, and when it is over; without an end it stays. */
export const span = { start: Instant, end: Instant.optional() };

/** A fault of one device. */
export const ofDevice = { device: DeviceTag, ...span };

/** A fault of one device, or of all of a plant. */
export const ofDevices = { device: DeviceTag.optional(), ...span };

/** The numbers of the strings that it hits, from 1 on. */
export const strings = z.array(z.int().min(1).max(24)).min(1);

/** A part of the whole: above 0, to 1. */
export const share = z.number().positive().max(1);

/** How much something is off; a fault that changes nothing is none. */
export const off = z.number().refine((value) => value !== 0, "0 changes nothing");

/** What values are multiplied by. */
export const factor = z.number().refine((value) => value !== 1, "1 changes nothing");

/** The canonical points whose values it alters on their way to the registers. */
export const points = z
  .array(z.string().refine((name) => cataloguePoint(name) !== undefined, "no canonical point"))
  .min(1);

/** Which requests of a connection are hit: all, or each second, third and so on. */
export const every = z.int().min(1).default(1);

/** Whether the n-th request is hit. */
export function isHit(fault: { readonly every: number }, n: number): boolean {
  return n % fault.every === 0;
}

/** How many requests of a connection are answered before. */
export const afterRequests = z.int().nonnegative().default(20);
