export { type AwaitedBroker, awaitBroker } from "./await-broker.ts";
export { brokerConnection } from "./broker-connection.ts";
export { type Clock, nextSlot, steadyClock, steadyMs, systemClock } from "./clock.ts";
export {
  ClockMode,
  type ClockSettings,
  type Driver,
  type DriverOptions,
  lastTick,
  openClock,
  openDriver,
} from "./clock-link.ts";
export { ConfigError, loadConfig } from "./config.ts";
export { type DrivenClock, drivenClock } from "./driven-clock.ts";
export { httpTls, isLoopback, type ListenerTls, mqttTls, writeTls } from "./listener-tls.ts";
export { openLog } from "./log.ts";
export { nearestNames } from "./nearest-names.ts";
export { SimulatorOpen, simulatorFault } from "./open-simulators.ts";
export { packJson, unpackJson } from "./packing.ts";
export { sendAtOnce } from "./send-at-once.ts";
export { type MetricsText, type Page, type ServedMetrics, serveMetrics } from "./serve-metrics.ts";
export { runJob, runService, type Scope } from "./service.ts";
export { TrustedProxies } from "./trusted-proxies.ts";
export { untilAborted } from "./waiting.ts";
