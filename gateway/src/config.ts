import { existsSync } from "node:fs";
import { ClockState, GatewayId, SiteConfiguration } from "@sunledger/model";
import { ClockMode } from "@sunledger/runtime";
import * as z from "zod";
import { DeviceConfig } from "./polling/device-config.ts";
import { ProfileSettings } from "./profiles/profile-folder.ts";

const Port = z.int().min(1).max(65_535);

/** The settings of the program. */
export const GatewaySettings = z.object({
  /** The YAML file that says what is polled. */
  SUNLEDGER_GATEWAY_CONFIG: z
    .string()
    .min(1)
    .refine((file) => existsSync(file), { error: ({ input }) => `there is no file ${input}` }),
  SUNLEDGER_MQTT_URL: z.url({ protocol: /^mqtts?$/ }).default("mqtt://127.0.0.1:1883"),
  SUNLEDGER_GATEWAY_SECRET: z.string().min(1),
  SUNLEDGER_OUTBOX_DIR: z.string().min(1),
  ...ProfileSettings.shape,
  SUNLEDGER_CLOCK: ClockMode,
  /** Stands above `metrics.port` of the file. */
  SUNLEDGER_GATEWAY_METRICS_PORT: z.coerce.number().pipe(Port).optional(),
  /** So long has a pushed configuration to keep the broker reached before it counts as proved: milliseconds. */
  SUNLEDGER_GATEWAY_PROVE_MS: z.coerce
    .number()
    .pipe(z.int().min(1_000).max(120_000))
    .default(15_000),
  /** What systemd says to a service of `Type=notify`, sd_notify(3). */
  NOTIFY_SOCKET: z.string().optional(),
  /** Within how many microseconds it wants a sign of life, and whose. */
  WATCHDOG_USEC: z.coerce.number().positive().optional(),
  WATCHDOG_PID: z.coerce.number().optional(),
});

const WaitMs = z.int().nonnegative();

const Name = z.string().min(1).max(80);

/** How often a day what may be kept in flash is written where the file says nothing of it. */
export const usualFlashWritesADay = 6;

/** Which set-points the platform may write. Nothing may be, where this is not given. */
export const CommandRules = z.strictObject({
  allow: z
    .array(
      z.strictObject({
        device: Name.describe("The tag of a device of this file; a trailing * stands for any rest"),
        point: Name.describe(
          "The name of a set-point, such as setpoint.activePower.percent; a trailing * stands for any rest",
        ),
        min: z.number().optional().describe("No less than this, within what the profile allows"),
        max: z.number().optional().describe("No more than this, within what the profile allows"),
      }),
    )
    .min(1)
    .max(200)
    .describe("Which set-points of which devices the platform may write"),
  writesAMinute: z
    .int()
    .min(1)
    .max(60)
    .default(10)
    .describe("How often one set-point may be written on order: times a minute"),
  flashWritesADay: z
    .int()
    .min(0)
    .max(100)
    .default(usualFlashWritesADay)
    .describe(
      "The same for what a device may keep in flash, automatic reverts and clients of its proxy with it: times a day",
    ),
});
export type CommandRules = z.infer<typeof CommandRules>;

/** Whether the platform may search for devices and read some that are not configured. */
export const OnboardingRules = z.union([
  z.literal(true),
  z.strictObject({
    networks: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(100)
      .describe(
        "What may be searched: 192.168.1.0/24, a host's address or name, serial:///dev/ttyUSB0",
      ),
  }),
]);
export type OnboardingRules = z.infer<typeof OnboardingRules>;

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
    .optional()
    .describe(
      "Whether the machine's clock is right: 'synced' or 'unsynced', whatever it says itself; absent: the system is asked",
    ),
  place: SiteConfiguration.shape.place,
  poll: SiteConfiguration.shape.poll,
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
  commands: CommandRules.optional().describe(
    "Lets the platform write set-points: nothing without it",
  ),
  onboarding: OnboardingRules.optional().describe(
    "Lets the platform search for devices: true for the networks of the devices below, or { networks: [...] }",
  ),
  devices: z.array(DeviceConfig).max(3_000).describe("What is polled: a list of devices"),
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;
