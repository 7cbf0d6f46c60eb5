import { ClockMode, type ListenerTls, mqttTls } from "@sunledger/runtime";
import * as z from "zod";

export const BrokerConfig = z.object({
  SUNLEDGER_MQTT_HOST: z.string().default("127.0.0.1"),
  SUNLEDGER_MQTT_PORT: z.coerce.number().int().min(0).max(65_535).default(1883),
  /** Certificate chain and key, PEM files: required beyond loopback. */
  SUNLEDGER_MQTT_TLS_CERT: z.string().optional(),
  SUNLEDGER_MQTT_TLS_KEY: z.string().optional(),
  SUNLEDGER_DATABASE_URL: z.string().min(1),
  SUNLEDGER_SERVICE_SECRET: z.string().min(16),
  /** Mapping documents: the topics of those who are no gateways. */
  SUNLEDGER_INPUT_DIR: z.string().min(1).optional(),
  SUNLEDGER_CLOCK: ClockMode,
});
export type BrokerConfig = z.infer<typeof BrokerConfig>;

export type ListenOn = {
  readonly host: string;
  readonly port: number;
  readonly tls?: ListenerTls;
};

type ListenSettings = Pick<
  BrokerConfig,
  | "SUNLEDGER_MQTT_HOST"
  | "SUNLEDGER_MQTT_PORT"
  | "SUNLEDGER_MQTT_TLS_CERT"
  | "SUNLEDGER_MQTT_TLS_KEY"
>;

/** Where to listen, with TLS beyond loopback. */
export function listenOn(settings: ListenSettings): ListenOn {
  const tls = mqttTls(settings);
  const place = { host: settings.SUNLEDGER_MQTT_HOST, port: settings.SUNLEDGER_MQTT_PORT };
  return { ...place, ...(tls && { tls }) };
}
