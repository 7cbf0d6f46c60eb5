export {
  DeviceDetail,
  DeviceHistory,
  DevicePoint,
  DeviceSummary,
  HistorySeries,
  LatestValue,
  LatestValues,
} from "./api/devices.ts";
export { Coverage, Figure } from "./api/figure.ts";
export {
  LiveBeat,
  type LiveClientEvents,
  LiveJoinAnswer,
  LiveJoined,
  LiveReach,
  LiveReachUpdate,
  LiveRefused,
  LiveRoom,
  LiveRow,
  type LiveServerEvents,
  LiveUpdate,
} from "./api/live.ts";
export {
  CurveGap,
  GatewaySummary,
  PlantCurve,
  PlantDetail,
  PlantList,
  PlantSummary,
} from "./api/plants.ts";
export { Problem } from "./api/problem.ts";
export { Language, Preferences, Session, SignIn, shortestPassword, Theme } from "./api/session.ts";
export * from "./plant/plant.ts";
export * from "./telemetry/ack.ts";
export * from "./telemetry/announcement.ts";
export * from "./telemetry/delivery-window.ts";
export * from "./telemetry/frame.ts";
export { Freshness, freshnessOf, lateIntervals, liveIntervals } from "./telemetry/freshness.ts";
export * from "./telemetry/layout.ts";
export * from "./telemetry/message.ts";
export * from "./telemetry/ranges.ts";
export * from "./telemetry/topics.ts";
