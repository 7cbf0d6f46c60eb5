-- A sealed day: the frames of one device, layout and day of UTC, column by column (src/packing). A frame is a row
-- of "frame" or stands here, never both. `day` counts from 1970; `first` and `last` are instants of frames.
-- `bounds` says where each column of `columns` begins and the last one ends, so that one is read alone.
CREATE TABLE "packed_day" (
  "first" bigint NOT NULL,
  "last" bigint NOT NULL,
  "organisation" integer NOT NULL,
  "device" integer NOT NULL,
  "layout" integer NOT NULL,
  "day" integer NOT NULL,
  "frames" integer NOT NULL,
  "bounds" integer[] NOT NULL,
  "columns" bytea NOT NULL,
  PRIMARY KEY ("device", "layout", "day")
);--> statement-breakpoint
-- Packed already, and read in slices.
ALTER TABLE "packed_day" ALTER COLUMN "columns" SET STORAGE EXTERNAL;--> statement-breakpoint
-- Each write asks whether any of its days is packed.
CREATE INDEX "packed_day_by_day" ON "packed_day" ("organisation", "day");--> statement-breakpoint

-- Before which instant the frames of a lane were forgotten: what comes again of them is known, not another's.
CREATE TABLE "forgotten" (
  "organisation" uuid NOT NULL,
  "lane" text NOT NULL,
  "before" bigint NOT NULL,
  PRIMARY KEY ("organisation", "lane")
);--> statement-breakpoint

ALTER TABLE "packed_day" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "forgotten" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "of_organisation" ON "packed_day"
  USING (organisation = (select o.number from frame_organisation o where o.organisation =
    (select nullif(current_setting('sunledger.organisation', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "forgotten"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));
