export * from "./plant/plant.ts";
export * from "./telemetry/ack.ts";
export * from "./telemetry/announcement.ts";
export * from "./telemetry/frame.ts";
export * from "./telemetry/layout.ts";
export * from "./telemetry/message.ts";
export * from "./telemetry/ranges.ts";
export * from "./telemetry/topics.ts";
