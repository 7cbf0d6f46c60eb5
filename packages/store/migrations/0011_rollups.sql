-- Roll-ups: what the points of a device and layout come to over minutes, quarters of an hour, hours and days, a
-- column a point (src/frames/rollups/blocks.ts). `width` 1: minutes, an hour of UTC a row; 2: quarters, six hours of
-- UTC a row; 3: hours and 4: the day, a local day of the plant a row. `bounds` as of "packed_day".
CREATE TABLE "rollup" (
  "start" bigint NOT NULL,
  "until" bigint NOT NULL,
  "organisation" integer NOT NULL,
  "device" integer NOT NULL,
  "layout" integer NOT NULL,
  "width" smallint NOT NULL,
  "bounds" integer[] NOT NULL,
  "columns" bytea NOT NULL,
  PRIMARY KEY ("device", "layout", "width", "start")
);--> statement-breakpoint
ALTER TABLE "rollup" ALTER COLUMN "columns" SET STORAGE EXTERNAL;--> statement-breakpoint

-- Quarters of an hour, counted from 1970, that hold frames which the roll-ups do not: marked in the transaction that
-- stores these. A mark bears the organisation's round at that time. Rounds are advanced while nobody writes, so that
-- the marks of a past round tell of committed frames alone, and may be taken away when these are rolled up.
CREATE TABLE "stale_quarter" (
  "organisation" integer NOT NULL,
  "device" integer NOT NULL,
  "layout" integer NOT NULL,
  "quarter" integer NOT NULL,
  "round" integer NOT NULL,
  PRIMARY KEY ("device", "layout", "quarter", "round")
);--> statement-breakpoint
ALTER TABLE "frame_organisation" ADD COLUMN "round" integer NOT NULL DEFAULT 1;--> statement-breakpoint
-- False: its frames are older than the roll-ups, and none of them is marked yet.
ALTER TABLE "device_layout" ADD COLUMN "marked" boolean NOT NULL DEFAULT false;--> statement-breakpoint
ALTER TABLE "device_layout" ALTER COLUMN "marked" SET DEFAULT true;--> statement-breakpoint

-- What is wrong with a subject, and for how long: for the alarms to take up. `end` is absent while it lasts.
CREATE TABLE "condition" (
  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "organisation" uuid NOT NULL,
  "subject" text NOT NULL,
  "kind" text NOT NULL,
  "channel" text NOT NULL,
  "start" bigint NOT NULL,
  "end" bigint,
  "found_at" bigint NOT NULL,
  "evidence" jsonb NOT NULL,
  UNIQUE ("organisation", "kind", "subject", "channel", "start")
);--> statement-breakpoint

ALTER TABLE "rollup" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "stale_quarter" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "condition" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "of_organisation" ON "rollup"
  USING (organisation = (select o.number from frame_organisation o where o.organisation =
    (select nullif(current_setting('sunledger.organisation', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "stale_quarter"
  USING (organisation = (select o.number from frame_organisation o where o.organisation =
    (select nullif(current_setting('sunledger.organisation', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "condition"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));
