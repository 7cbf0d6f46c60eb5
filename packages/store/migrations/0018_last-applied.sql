ALTER TABLE "configuration" ADD COLUMN "applied_at" bigint;--> statement-breakpoint
ALTER TABLE "configuration" ADD COLUMN "again" integer;--> statement-breakpoint

-- Of the versions made before, what their gateways said last counts. Who brings the tables up is held by the policies
-- like anybody else.
ALTER TABLE "configuration" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "configuration" SET "applied_at" = "reported_at" WHERE "state" = 'applied';--> statement-breakpoint
ALTER TABLE "configuration" FORCE ROW LEVEL SECURITY;
