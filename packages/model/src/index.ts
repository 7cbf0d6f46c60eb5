export { AuditAction, AuditEntry, AuditPage } from "./api/audit.ts";
export {
  CommandDetail,
  CommandList,
  CommandState,
  NewCommandOrder,
  OrderedCommand,
  SetPointConfirmation,
  SetPointList,
  SetPointProposal,
  SetPointRules,
  SetPointWish,
} from "./api/commands.ts";
export { ConditionEntry, ConditionPage } from "./api/conditions.ts";
export { CurveGap } from "./api/curve-gap.ts";
export {
  DeviceDetail,
  DeviceEvents,
  DeviceHistory,
  DevicePoint,
  DeviceSummary,
  HistorySeries,
  LatestValue,
  LatestValues,
} from "./api/devices.ts";
export { Coverage, certainShare, Figure, leastShare, shareOf } from "./api/figure.ts";
export {
  ConfigurationChange,
  ConfigurationChanges,
  ConfigurationDetail,
  ConfigurationVersion,
  ConfigurationVersions,
  DeviceExchange,
  DeviceToRegister,
  GatewayDetail,
  GatewayList,
  NewConfigurationVersion,
} from "./api/gateways.ts";
export {
  ImportCheck,
  ImportColumn,
  ImportedDevice,
  ImportFault,
  ImportFaultCode,
} from "./api/imports.ts";
export {
  LiveBeat,
  LiveChange,
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
  GatewaySummary,
  PlantCurve,
  PlantDetail,
  PlantList,
  PlantSummary,
} from "./api/plants.ts";
export { Problem } from "./api/problem.ts";
export { ProfileDetail, ProfileList, ProfileRegister, ProfileSummary } from "./api/profiles.ts";
export {
  ConflictEntry,
  ConflictPage,
  GapEntry,
  GapPage,
  QuarantineEntry,
  QuarantinePage,
} from "./api/refusals.ts";
export {
  DeviceRating,
  DeviceReplacement,
  DeviceReplacements,
} from "./api/replacements.ts";
export {
  NewRollout,
  Rollout,
  RolloutAct,
  RolloutChange,
  RolloutList,
  RolloutStep,
  RolloutStepState,
  RolloutTakeBack,
} from "./api/rollouts.ts";
export { FoundPlace, FoundPlaces } from "./api/search.ts";
export { Language, Preferences, Session, SignIn, shortestPassword, Theme } from "./api/session.ts";
export { wattsOfKilowatts } from "./plant/kilowatts.ts";
export { Device, Gateway, LocalText, Plant, Role } from "./plant/plant.ts";
export {
  Ack,
  laneAckOf,
  mostAckRanges,
  mostRefusedLayouts,
  RefusedLayouts,
  settledBy,
} from "./telemetry/ack.ts";
export {
  AnnouncedBit,
  AnnouncedPoint,
  DeviceAnnouncement,
  DeviceReach,
  GatewayPermissions,
  GatewayStatus,
  LiveMessage,
} from "./telemetry/announcement.ts";
export { CodeSeverity } from "./telemetry/code-severity.ts";
export {
  Command,
  CommandOrder,
  CommandSession,
  GatewayCommand,
  latestRevertMs,
  longestCommandLifeMs,
  OrderedBy,
  WatchCommand,
} from "./telemetry/command.ts";
export {
  CommandResult,
  DeviceReading,
  FailureCode,
  FoundUnit,
  PointReading,
  RefusalCode,
  WrittenPoint,
} from "./telemetry/command-result.ts";
export {
  ConfigurationMessage,
  ConfigurationState,
  ConfiguredDevice,
  ConfiguredExchange,
  mostConfigurations,
  mostConfiguredDevices,
  SiteConfiguration,
} from "./telemetry/configuration.ts";
export {
  Balance,
  balanceOf,
  HourCount,
  mostHours,
  type SpanAccount,
  type SpanCount,
  withHours,
} from "./telemetry/conservation.ts";
export {
  type AckOutcome,
  type DeliveryLimits,
  type DeliveryState,
  type DeliveryWindow,
  deliveryWindow,
  type Parcel,
} from "./telemetry/delivery-window.ts";
export { DeviceEvent, DeviceEventKind, KeptEvent, mostEvents } from "./telemetry/device-event.ts";
export { DeviceKind } from "./telemetry/device-kind.ts";
export { devicePlace } from "./telemetry/device-place.ts";
export {
  ClockState,
  DeviceTag,
  Flag,
  type Frame,
  GatewayId,
  Lane,
  type Quality,
  Value,
} from "./telemetry/frame.ts";
export {
  Freshness,
  freshestOf,
  freshnessOf,
  lateIntervals,
  liveIntervals,
  statusEveryMs,
  togetherOf,
  worstOf,
  worstRank,
} from "./telemetry/freshness.ts";
export { earliestInstant, latestInstant, mostAheadMs } from "./telemetry/instants.ts";
export { type EventTerms, type EventVerdict, judgeEvent } from "./telemetry/judge-event.ts";
export { judgeRow, type RowTerms, type RowVerdict } from "./telemetry/judge-row.ts";
export {
  Layout,
  LayoutHash,
  layoutHash,
  mostLayoutPoints,
  WithheldLayout,
} from "./telemetry/layout.ts";
export { LongPayload } from "./telemetry/long-payload.ts";
export {
  FramesMessage,
  GivenUp,
  greatestValue,
  messageOf,
  parseRow,
  type RowResult,
  rowOf,
  sequenceOfRow,
} from "./telemetry/message.ts";
export { OperatingState } from "./telemetry/operating-state.ts";
export { QuarantineCode } from "./telemetry/quarantine-code.ts";
export {
  common,
  includes,
  lowestOf,
  noRanges,
  type Range,
  type Ranges,
  rangesOf,
  sizeOf,
  unionOf,
  watermarkOf,
  without,
} from "./telemetry/ranges.ts";
export { type SetBit, setBits } from "./telemetry/set-bits.ts";
export { type SleepWord, sleepHolds } from "./telemetry/sleep-word.ts";
export { mostPayloadBytes, parseGatewayTopic, topics } from "./telemetry/topics.ts";
export { readOffset, readWrittenTime } from "./telemetry/written-time.ts";
