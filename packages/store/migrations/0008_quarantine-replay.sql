-- Where a quarantined row arrived, and when it left quarantine after a fix (D-6): null while it is there.
ALTER TABLE "quarantine" ADD COLUMN "topic" text, ADD COLUMN "replayed" bigint;--> statement-breakpoint
-- The owner of a table is under its policy as well, and enters no organisation here.
ALTER TABLE "quarantine" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "settled" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "quarantine" q SET "topic" = 'sunledger/v1/' || s."gateway" || '/frames'
  FROM "settled" s WHERE s."number" = q."stream";--> statement-breakpoint
ALTER TABLE "settled" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "quarantine" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "quarantine" ALTER COLUMN "topic" SET NOT NULL;
