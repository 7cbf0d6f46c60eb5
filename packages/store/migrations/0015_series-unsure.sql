-- When the store of time series last started, Unix milliseconds by its own clock: another start may have lost what it
-- was told last, and gives the frame store another name, so that gateways send that again (D-15).
ALTER TABLE "incarnation" ADD COLUMN "series_start" bigint;--> statement-breakpoint
-- Settled numbers of which it may not have the frames on disk yet.
CREATE TABLE "series_unsure" (
  "organisation" uuid NOT NULL,
  "at" bigint NOT NULL,
  "stream" integer NOT NULL,
  "incarnation" uuid NOT NULL,
  "numbers" int8multirange NOT NULL
);--> statement-breakpoint
CREATE INDEX "series_unsure_by_time" ON "series_unsure" ("organisation", "at");--> statement-breakpoint
ALTER TABLE "series_unsure" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "of_organisation" ON "series_unsure"
  USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));
