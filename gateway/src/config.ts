import { readFileSync } from "node:fs";
import { ClockState, GatewayId } from "@sunledger/model";
import { ClockMode, ConfigError } from "@sunledger/runtime";
import { parseDocument } from "yaml";
import * as z from "zod";
import { DeviceConfig } from "./polling/device-config.ts";

/** The settings of the program. */
export const GatewaySettings = z.object({
  /** The YAML file that says what is polled. */
  SUNLEDGER_GATEWAY_CONFIG: z.string().min(1),
  SUNLEDGER_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).default("mqtt://127.0.0.1:1883"),
  SUNLEDGER_GATEWAY_SECRET: z.string().min(1),
  SUNLEDGER_OUTBOX_DIR: z.string().min(1),
  /** Further device profiles. */
  SUNLEDGER_PROFILE_DIR: z.string().min(1).optional(),
  SUNLEDGER_CLOCK: ClockMode,
});

/** Slots of all classes meet: a gateway ticks in multiples of this. */
const pollStepMs = 100;
const Interval = z.int().min(pollStepMs).multipleOf(pollStepMs);

/** The YAML file of a gateway. */
export const GatewayConfig = z.strictObject({
  id: GatewayId,
  /** `unsynced` when nothing keeps the machine's clock right: said of every frame (D-14). */
  clock: ClockState.extract(["synced", "unsynced"]).default("synced"),
  /** Where the plant stands: with it the sun says when an inverter may sleep. */
  place: z
    .strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
    })
    .optional(),
  /** The interval of each poll class. */
  poll: z
    .strictObject({
      fastMs: Interval.default(1_000),
      normalMs: Interval.default(10_000),
      slowMs: Interval.default(60_000),
    })
    .prefault({}),
  /** How long a frame waits for company, and how long while somebody watches the plant. */
  linger: z
    .strictObject({
      idleMs: z.int().nonnegative().default(10_000),
      watchedMs: z.int().nonnegative().default(100),
    })
    .prefault({}),
  outbox: z
    .strictObject({
      /** How large the outbox may grow while nobody takes the frames. */
      mostMb: z.int().min(1).default(256),
    })
    .prefault({}),
  devices: z
    .array(DeviceConfig)
    .min(1)
    .superRefine((devices, context) => {
      const seen = new Set<string>();
      for (const [i, { tag }] of devices.entries()) {
        if (seen.has(tag)) {
          context.addIssue({ code: "custom", path: [i, "tag"], message: `${tag} is named twice` });
        }
        seen.add(tag);
      }
    }),
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;

/**
 * Reads a gateway's file. Throws a `ConfigError` that names every problem and where it is; a
 * profile must be one of the given.
 */
export function readGatewayConfig(file: string, profiles: ReadonlySet<string>): GatewayConfig {
  const document = parseDocument(textOf(file));
  const [fault] = document.errors;
  if (fault) throw new ConfigError(`${file}: ${fault.message}`);

  const content: unknown = document.toJS();
  const result = GatewayConfig.safeParse(content);
  const problems = [
    ...(result.error?.issues ?? []),
    ...unknownProfiles(content, profiles).map(([i, profile]) => ({
      path: ["devices", i, "profile"],
      message: `there is no profile ${profile}`,
    })),
  ];
  if (result.success && problems.length === 0) return result.data;
  const lines = problems.map(({ path, message }) => `  ${z.core.toDotPath(path)}: ${message}`);
  throw new ConfigError([`${file}:`, ...lines].join("\n"));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`${file} cannot be read`, { cause: error });
  }
}

/** Also of a file with other problems, so that all are named at once. */
function unknownProfiles(content: unknown, known: ReadonlySet<string>): [number, string][] {
  const { devices } = (content ?? {}) as { devices?: unknown };
  if (!Array.isArray(devices)) return [];
  return devices.flatMap((device, i): [number, string][] => {
    const profile: unknown = device?.profile;
    return typeof profile === "string" && profile !== "" && !known.has(profile)
      ? [[i, profile]]
      : [];
  });
}
