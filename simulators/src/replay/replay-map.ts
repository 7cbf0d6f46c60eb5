import { readFile } from "node:fs/promises";
import { DeviceKind } from "@sunledger/model";
import { ConfigError } from "@sunledger/runtime";
import { LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { Encoding } from "./encoding.ts";
import { meaningFaults } from "./map-meaning.ts";
import { columnFaults, type MapOutline, mapOutline } from "./map-outline.ts";
import { isZone } from "./wall-time.ts";

const Zone = z.string().refine(isZone, "neither an IANA time zone nor an offset like -07:00");

const Expression = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const message = expressionFault(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

const Target = z.strictObject({
  /** The device's tag; `{device}` stands for the row's own, `{name}` for a named part of a pattern. */
  device: z.string().min(1).default("{device}"),
  kind: DeviceKind.optional(),
  /** The canonical point; may hold `{name}` too. */
  point: z.string().min(1),
  /** Canonical units for each unit of the column. */
  factor: z
    .number()
    .refine((factor) => factor !== 0, "a factor of 0 makes every value 0")
    .default(1),
  /** The column holds what has passed since the row before: add it up into a counter. */
  accumulate: z.boolean().default(false),
});
export type Target = z.infer<typeof Target>;

/**
 * How a file is read as telemetry. Every column is mapped, named as the time, arrival or device, or
 * listed in `ignore`: a column that nobody thought of is a fault of the map, and so is a key.
 */
export const ReplayMap = z
  .strictObject({
    /** What the file is and where it comes from. */
    about: z.string().optional(),
    /** The sample file that the map was written for. */
    file: z.string().optional(),
    format: z.enum(["csv", "nem12"]).default("csv"),
    encoding: Encoding.default("utf-8"),
    time: z.strictObject({
      column: z.string().min(1),
      /** Needed for times without an offset of their own. */
      zone: Zone.optional(),
      /** `false`: the zone's standard time all year round. */
      daylightSaving: z.boolean().default(true),
      /** The column counts seconds from here (ISO time). */
      secondsSince: z.iso.datetime({ offset: true }).optional(),
    }),
    /** When the row reached the server: rows are sent in this order. */
    arrival: z.string().optional(),
    device: z
      .strictObject({
        column: z.string().min(1),
        kind: DeviceKind,
        /** Named parts of the value; the part `device` is the tag. */
        pattern: Expression.optional(),
      })
      .optional(),
    columns: z.record(z.string(), Target).default({}),
    /** Columns by regular expression, with named parts for device and point. */
    patterns: z.array(Target.extend({ match: Expression })).default([]),
    ignore: z.array(z.string()).default([]),
  })
  .superRefine(
    (map, context) => {
      for (const fault of meaningFaults(mapOutline(map))) {
        context.addIssue({ code: "custom", ...fault });
      }
    },
    // However wrong the rest is: all that is wrong with a map is said at once.
    { when: () => true },
  );
export type ReplayMap = z.infer<typeof ReplayMap>;

/** How the file of a map is to be read. */
export type Reading = Pick<MapOutline, "format" | "encoding">;

/** Reads a map, or says everything that is wrong with it, with the columns of its file too. */
export async function loadReplayMap(
  path: string,
  columnsOf: (read: Reading) => Promise<readonly string[] | undefined> = async () => undefined,
): Promise<ReplayMap> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ConfigError(`the map ${path} cannot be read`, { cause });
  });
  const written = contentOf(path, text);
  const result = ReplayMap.safeParse(written);
  if (result.success) return result.data;
  const outline = mapOutline(written);
  const columns = await columnsOf(outline);
  const misnamed = columns ? columnFaults(outline, columns) : [];
  const faults = [z.prettifyError(result.error), ...misnamed.map((fault) => `✖ ${fault}`)];
  throw new ConfigError(`the map ${path} cannot be used:\n${faults.join("\n")}`);
}

function contentOf(path: string, text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = document.errors.map(({ message, pos: [offset] }) => {
    const { line, col } = lineCounter.linePos(offset);
    return `✖ ${message}\n  → at line ${line}, column ${col}`;
  });
  if (faults.length > 0) throw new ConfigError(`the map ${path} is no YAML:\n${faults.join("\n")}`);
  try {
    return document.toJS();
  } catch (cause) {
    throw new ConfigError(`the map ${path} refers to itself more than can be followed`, { cause });
  }
}

function expressionFault(text: string): string | undefined {
  try {
    new RegExp(text);
    return undefined;
  } catch (error) {
    const why =
      error instanceof Error ? error.message.slice(error.message.lastIndexOf(":") + 1) : "";
    return `no regular expression:${why}`;
  }
}
