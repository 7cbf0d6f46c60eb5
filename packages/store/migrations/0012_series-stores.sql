-- Values may be kept beside this database, in a store of time series (InfluxDB, VictoriaMetrics). Up to which instant
-- it, or this database, may hold frames of a device and layout, found out while the frame store had that incarnation:
-- what is newer is written without a look at what is there. What is older than `forgotten` is shown to nobody, though
-- the store of time series may have it still.
ALTER TABLE "device_layout" ADD COLUMN "newest" bigint, ADD COLUMN "newest_in" uuid,
  ADD COLUMN "forgotten" bigint NOT NULL DEFAULT 0;--> statement-breakpoint
-- With each write there.
ALTER TABLE "device_layout" SET (fillfactor = 50);--> statement-breakpoint

-- What is about to be written there, up to which instant: said beforehand, for what a writer that dies leaves behind.
CREATE TABLE "series_writing" (
  "organisation" uuid NOT NULL,
  "writer" uuid NOT NULL,
  "device" uuid NOT NULL,
  "layout" text NOT NULL,
  "last" bigint NOT NULL,
  PRIMARY KEY ("organisation", "device", "layout", "writer")
);--> statement-breakpoint
ALTER TABLE "series_writing" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "of_organisation" ON "series_writing"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));
