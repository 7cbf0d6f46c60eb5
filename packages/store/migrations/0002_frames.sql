-- Frames may be kept in a database of their own: nothing here refers to the tables of the records.

-- Changed by a restore (D-15).
CREATE TABLE "incarnation" (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  "id" uuid NOT NULL
);--> statement-breakpoint
INSERT INTO "incarnation" ("id") VALUES (gen_random_uuid());--> statement-breakpoint

-- Dictionaries: a frame's row holds numbers of four bytes.
CREATE TABLE "layout" (
  "number" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "hash" text NOT NULL UNIQUE,
  "lane" text NOT NULL,
  "points" text[] NOT NULL
);--> statement-breakpoint
CREATE TABLE "frame_organisation" (
  "number" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "organisation" uuid NOT NULL UNIQUE
);--> statement-breakpoint
CREATE TABLE "frame_device" (
  "number" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "organisation" uuid NOT NULL,
  "device" uuid NOT NULL,
  UNIQUE ("organisation", "device")
);--> statement-breakpoint
-- The layouts that a device ever used: a point is looked for in these alone.
CREATE TABLE "device_layout" (
  "organisation" uuid NOT NULL,
  "device" integer NOT NULL,
  "layout" integer NOT NULL,
  PRIMARY KEY ("device", "layout")
);--> statement-breakpoint

-- One row a gateway, epoch and lane: deduplication and watermark in one (D-4).
CREATE TABLE "settled" (
  "number" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "organisation" uuid NOT NULL,
  "gateway" text NOT NULL,
  "epoch" uuid NOT NULL,
  "lane" text NOT NULL,
  "numbers" int8multirange NOT NULL DEFAULT '{}',
  UNIQUE ("organisation", "gateway", "epoch", "lane")
) WITH (fillfactor = 50);--> statement-breakpoint

-- One row a frame. Eight-byte columns first: no padding. Values are doubles, or whole numbers (lane
-- counters: half the room and twice the speed of numeric), or exact where neither would do: one of the
-- three is there. `quality` is absent when all is good and the clock was synchronised;
-- else a byte for the clock and one a value, trailing zeros left out.
CREATE TABLE "frame" (
  "at" bigint NOT NULL,
  "sequence" bigint NOT NULL,
  "organisation" integer NOT NULL,
  "device" integer NOT NULL,
  "layout" integer NOT NULL,
  "stream" integer NOT NULL,
  "gauges" double precision[],
  "counters" bigint[],
  "exact" numeric[],
  "quality" bytea,
  PRIMARY KEY ("device", "layout", "at")
) PARTITION BY RANGE ("at");--> statement-breakpoint

-- Frames whose key holds another frame (D-5); `differs` tells those with other values.
CREATE TABLE "conflict" (
  "organisation" uuid NOT NULL,
  "stream" integer NOT NULL,
  "sequence" bigint NOT NULL,
  "device" uuid NOT NULL,
  "layout" text NOT NULL,
  "at" bigint NOT NULL,
  "differs" boolean NOT NULL,
  "arrival" bigint NOT NULL,
  "frame" text NOT NULL,
  PRIMARY KEY ("stream", "sequence", "device", "layout", "at")
);--> statement-breakpoint
-- Rows that cannot be used (D-6). `digest` names the payload; a row that comes again is counted.
-- Payloads are JSON as text: they may hold what the type json refuses.
CREATE TABLE "quarantine" (
  "organisation" uuid NOT NULL,
  "stream" integer NOT NULL,
  "sequence" bigint,
  "digest" bytea NOT NULL,
  "reason" text NOT NULL,
  "payload" text NOT NULL,
  "arrival" bigint NOT NULL,
  "count" integer NOT NULL DEFAULT 1,
  PRIMARY KEY ("stream", "digest")
);--> statement-breakpoint
CREATE INDEX "quarantine_sequence" ON "quarantine" ("stream", "sequence");--> statement-breakpoint
-- Spans that a gateway gave up (D-9).
CREATE TABLE "gap" (
  "organisation" uuid NOT NULL,
  "stream" integer NOT NULL,
  "first" bigint NOT NULL,
  "last" bigint NOT NULL,
  "first_at" bigint NOT NULL,
  "last_at" bigint NOT NULL,
  "reason" text NOT NULL,
  "arrival" bigint NOT NULL,
  PRIMARY KEY ("stream", "first", "last")
);--> statement-breakpoint

ALTER TABLE "frame_organisation" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "frame_device" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "device_layout" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "settled" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "frame" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "conflict" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "quarantine" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "gap" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint

CREATE POLICY "of_organisation" ON "frame_organisation"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "frame_device"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "device_layout"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "settled"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
-- The organisation's number, in a sub-select: asked once a statement, not once a row.
CREATE POLICY "of_organisation" ON "frame"
  USING (organisation = (select o.number from frame_organisation o where o.organisation =
    (select nullif(current_setting('sunledger.organisation', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "conflict"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "quarantine"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "gap"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint

-- Makes the month's partition when a frame needs one. A partition does not inherit the policy of its
-- table: nobody has a grant on it, and without a policy of its own it shows nobody a row, not even
-- its owner. Made apart and attached, since that does not wait for readers.
CREATE FUNCTION "frame_partition"(instant bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  month timestamptz := date_trunc('month', to_timestamp(instant / 1000.0));
  part text := 'frame_' || to_char(month, 'YYYY_MM');
  low bigint := extract(epoch from month) * 1000;
  high bigint := extract(epoch from month + interval '1 month') * 1000;
BEGIN
  IF instant < 631152000000 OR instant > 253402300799999 THEN
    RAISE EXCEPTION 'no frame is of the instant %', instant USING ERRCODE = 'datetime_field_overflow';
  END IF;
  PERFORM pg_advisory_xact_lock(8319397736741218163);
  IF to_regclass(format('public.%I', part)) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public.frame INCLUDING ALL)', part);
  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
  EXECUTE format('ALTER TABLE public.frame ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)', part, low, high);
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "frame_partition"(bigint) FROM PUBLIC;
