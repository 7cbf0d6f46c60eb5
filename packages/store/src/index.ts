export { type Carried, carryOver } from "./backup/carry-over.ts";
export { NoBackup, type Part, partsOf, written } from "./backup/content.ts";
export { Unrestorable } from "./backup/empty-for-restore.ts";
export { readBackup } from "./backup/read-backup.ts";
export { type Restored, restoreBackup } from "./backup/restore-backup.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
export { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded/embedded-postgres.ts";
export { roomAt } from "./embedded/room-at.ts";
export { accountName } from "./embedded/system-user.ts";
export { balancesOf } from "./frames/balances.ts";
export { type AsideCount, countAside } from "./frames/count-aside.ts";
export { type CounterRise, counterRises } from "./frames/counter-rises.ts";
export type { EpochOutcome } from "./frames/epoch-outcome.ts";
export type {
  BatchOutcome,
  Bucket,
  Covered,
  FrameBatch,
  FrameStore,
  KeptAside,
  PointRange,
  PointValue,
  Quarantined,
  StoredFrame,
} from "./frames/frame-store.ts";
export { memoryFrameStore } from "./frames/memory-frame-store.ts";
export {
  type EpochOutcomes,
  isSeriesAddress,
  type OpenFrameStore,
  openFrameStore,
} from "./frames/open-frame-store.ts";
export { postgresFrameStore } from "./frames/postgres-frame-store.ts";
export { type PackedDays, type PackOptions, packDays } from "./frames/postgres-pack-days.ts";
export type { KeptGap, QuarantinedRow, QuarantineGroup } from "./frames/refusals.ts";
export type { Mismatch } from "./frames/rollups/postgres-check.ts";
export type { RollUps } from "./frames/rollups/roll-ups.ts";
export { isSeriesIll } from "./frames/series/series-error.ts";
export { postgresSizes } from "./frames/sizes/postgres-sizes.ts";
export type { Sizes } from "./frames/sizes/sizes.ts";
export { dayEdges, pixelEdges, type Steps } from "./frames/steps.ts";
export { usualKeeping } from "./frames/usual-keeping.ts";
export { renewIncarnation } from "./incarnation.ts";
export type { Lease } from "./lease/lease.ts";
export { memoryLeases } from "./lease/memory-lease.ts";
export { postgresLease } from "./lease/postgres-lease.ts";
export { migrate, missingSteps } from "./migrate.ts";
export { type Chunk, packChunk, unpackChunk, unpackOne } from "./packing/chunk.ts";
export type { Column } from "./packing/column.ts";
export type { Audit, NewAuditEntry } from "./records/audit.ts";
export { authTables } from "./records/auth-tables.ts";
export {
  type CommandProgress,
  type CommandQuery,
  type Commands,
  isEnd,
  type KeptAnswer,
  type KeptCommand,
  type NewCommand,
} from "./records/commands.ts";
export type { Condition, Conditions, KeptCondition } from "./records/conditions.ts";
export type {
  BesideConfiguration,
  Configurations,
  DeviceToCome,
  KeptConfiguration,
  NewConfiguration,
} from "./records/configurations.ts";
export { findOrganisation } from "./records/find-organisation.ts";
export { memoryAudit } from "./records/memory-audit.ts";
export { memoryCommands } from "./records/memory-commands.ts";
export { memoryConditions } from "./records/memory-conditions.ts";
export { memoryConfigurations } from "./records/memory-configurations.ts";
export { memoryRollouts } from "./records/memory-rollouts.ts";
export { postgresAudit } from "./records/postgres-audit.ts";
export { postgresCommands } from "./records/postgres-commands.ts";
export { postgresConditions } from "./records/postgres-conditions.ts";
export { postgresConfigurations } from "./records/postgres-configurations.ts";
export { postgresRecords } from "./records/postgres-records.ts";
export { postgresRollouts } from "./records/postgres-rollouts.ts";
export type {
  EventQuery,
  GatewayEntry,
  Membership,
  PlaceSearch,
  Provision,
  Rating,
  Records,
} from "./records/records.ts";
export { registeredId } from "./records/registered-id.ts";
export type { Rollouts } from "./records/rollouts.ts";
export { foundAmong } from "./records/search-among.ts";
export { whyAway } from "./why-away.ts";
