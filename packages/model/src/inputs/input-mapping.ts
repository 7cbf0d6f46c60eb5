import * as z from "zod";
import { DeviceTag, GatewayId } from "../telemetry/frame.ts";
import { cataloguePoint } from "../telemetry/point-catalogue.ts";
import { conversion } from "./units.ts";

const Name = z.string().min(1).max(200);
const JsonPointer = z
  .string()
  .max(500)
  .regex(/^(\/([^~/]|~[01])*)*$/, "not a JSON pointer (RFC 6901), as /emeters/0/power");

/** A point of the catalogue, and the unit in which it is told; absent: the catalogue's own. */
const Quantity = z
  .strictObject({ point: z.string(), unit: z.string().max(20).optional() })
  .check(({ value: { point, unit }, issues }) => {
    const known = cataloguePoint(point);
    const complain = (path: string, message: string) =>
      issues.push({ code: "custom", path: [path], message, input: { point, unit } });
    if (!known) complain("point", `the catalogue has no point ${point}`);
    else if (known.kind === "text") complain("point", `${point} is a text: only numbers are taken`);
    else if (unit !== undefined && !conversion(unit, known.unit)) {
      complain(
        "unit",
        `${unit} is no unit of ${point}, which is kept in ${known.unit || "no unit"}`,
      );
    }
  });

/** By where it is found: what it is. */
const quantities = (found: z.ZodString) =>
  z.record(found, Quantity).check(({ value, issues }) => {
    const places = Object.entries(value);
    if (places.length === 0)
      issues.push({ code: "custom", path: [], message: "nothing is mapped", input: value });
    for (const [place, { point }] of places) {
      const other = places.find(([at, one]) => at !== place && one.point === point)?.[0];
      if (other !== undefined && other < place) {
        const message = `${point} is mapped from ${other} already`;
        issues.push({ code: "custom", path: [place], message, input: value });
      }
    }
  });

const common = {
  /** Under whose name the values are stored: a gateway that is registered at the devices' plant. */
  gateway: GatewayId,
  /** What a device is called by the sender: its tag. A name that is not listed is the tag itself. */
  devices: z.record(Name, DeviceTag).optional(),
};

/** Published by a device of another maker: one JSON text a message. */
export const JsonMapping = z
  .strictObject({
    format: z.literal("json"),
    ...common,
    /** The topics, as `shellies/{device}/status`: `+` stands for any level, `{device}` for its name. */
    topic: z
      .string()
      .max(300)
      .regex(/^[^#$/][^#]*$/, "not a topic: it begins with / or $, or has a #")
      .refine(
        (topic) => !/^sunledger(\/|$)/.test(topic),
        "the house's own topics are not for others",
      )
      .refine((topic) => !/^(\+|\{device\})(\/|$)/.test(topic), "its first level has to be a name")
      .refine(
        (topic) => topic.split("/").every((level) => /^(\+|\{device\}|[^+{}]+)$/.test(level)),
        "a level is a name, + or {device}",
      )
      .refine((topic) => topic.split("/").filter((level) => level === "{device}").length <= 1, {
        error: "{device} stands there twice",
      }),
    /** The device where the topic does not name it: its tag, or where the message says its name. */
    device: z.union([DeviceTag, z.strictObject({ pointer: JsonPointer })]).optional(),
    /** When it was measured; absent: when it arrives. */
    at: z
      .strictObject({ pointer: JsonPointer, unit: z.enum(["s", "ms", "us", "ns", "iso"]) })
      .optional(),
    values: quantities(JsonPointer),
  })
  .refine(({ topic, device }) => topic.includes("{device}") !== (device !== undefined), {
    path: ["device"],
    error: "say which device it is of: by {device} in the topic, or here, and not by both",
  });
export type JsonMapping = z.infer<typeof JsonMapping>;

/** Written by Telegraf or another client of InfluxDB, over HTTP. */
export const LineMapping = z.strictObject({
  format: z.literal("lineProtocol"),
  ...common,
  measurement: Name,
  /** The tag by which the device is named. */
  deviceTag: Name,
  /** By field. */
  values: quantities(Name),
});
export type LineMapping = z.infer<typeof LineMapping>;

/** How values of those who are no gateways of ours become frames: a document for each kind of message. */
export const InputMapping = z.discriminatedUnion("format", [JsonMapping, LineMapping]);
export type InputMapping = z.infer<typeof InputMapping>;

export type Quantities = JsonMapping["values"];
