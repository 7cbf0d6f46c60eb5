import { ClockState, GatewayId } from "@sunledger/model";
import { ClockMode } from "@sunledger/runtime";
import * as z from "zod";
import { DeviceConfig } from "./polling/device-config.ts";

const Port = z.int().min(1).max(65_535);

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
  /** Stands above `metrics.port` of the file. */
  SUNLEDGER_GATEWAY_METRICS_PORT: z.coerce.number().pipe(Port).optional(),
  /** What systemd says to a service of `Type=notify`, sd_notify(3). */
  NOTIFY_SOCKET: z.string().optional(),
  /** Within how many microseconds it wants a sign of life, and whose. */
  WATCHDOG_USEC: z.coerce.number().positive().optional(),
  WATCHDOG_PID: z.coerce.number().optional(),
});

/** Slots of all classes meet: a gateway ticks in multiples of this. */
const pollStepMs = 100;
const Interval = z.int().min(pollStepMs).multipleOf(pollStepMs);
const WaitMs = z.int().nonnegative();

const inMs = "milliseconds, a multiple of 100";

/**
 * The YAML file of a gateway. What each key is for is said to people too: with a fault, and by the
 * JSON Schema that editors read. What a schema cannot say is in `site-file/rules.ts`.
 */
export const GatewayConfig = z.strictObject({
  id: GatewayId.describe(
    "The gateway's name in the whole installation: up to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit",
  ),
  /** Said of every frame (D-14). */
  clock: ClockState.extract(["synced", "unsynced"])
    .default("synced")
    .describe("'unsynced' when nothing keeps the machine's clock right, else 'synced'"),
  place: z
    .strictObject({
      latitude: z.number().min(-90).max(90).describe("Degrees north, from -90 to 90"),
      longitude: z.number().min(-180).max(180).describe("Degrees east, from -180 to 180"),
    })
    .optional()
    .describe("Where the plant stands: with it the sun says when an inverter may sleep"),
  poll: z
    .strictObject({
      fastMs: Interval.default(1_000).describe(`The interval of the fast points: ${inMs}`),
      normalMs: Interval.default(10_000).describe(`The interval of the normal points: ${inMs}`),
      slowMs: Interval.default(60_000).describe(`The interval of the slow points: ${inMs}`),
    })
    .prefault({})
    .describe("The interval of each poll class"),
  linger: z
    .strictObject({
      idleMs: WaitMs.default(10_000).describe("How long a frame waits for company: milliseconds"),
      watchedMs: WaitMs.default(100).describe(
        "The same while somebody watches the plant: milliseconds",
      ),
    })
    .prefault({})
    .describe("How long frames wait to be sent together"),
  outbox: z
    .strictObject({
      mostMb: z
        .int()
        .min(1)
        .default(256)
        .describe("How large the outbox may grow while nobody takes the frames: megabytes"),
    })
    .prefault({})
    .describe("Where frames stay until they are stored"),
  metrics: z
    .strictObject({ port: Port.describe("A free TCP port of this machine, from 1 to 65535") })
    .optional()
    .describe("Serves metrics and health on 127.0.0.1 when given"),
  devices: z.array(DeviceConfig).min(1).describe("What is polled: a list of devices"),
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;
