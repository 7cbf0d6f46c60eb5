-- Why a row is in quarantine, in a word that screens can translate; until now the reason alone said it.
ALTER TABLE "quarantine" ADD COLUMN "code" text NOT NULL DEFAULT 'malformed';--> statement-breakpoint
-- The owner of a table is under its policy as well, and enters no organisation here.
ALTER TABLE "quarantine" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "quarantine" SET "code" = CASE
  WHEN "reason" LIKE 'head unreadable: %' THEN 'unreadable'
  WHEN "reason" LIKE 'layout % is of lane %' THEN 'wrongLane'
  WHEN "reason" LIKE 'unknown device %' THEN 'unknownDevice'
  WHEN "reason" = 'more than 10 minutes in the future' THEN 'future'
  WHEN "reason" = 'a gap ends before it begins' THEN 'crookedGap'
  WHEN "reason" = 'the number belongs to another frame of this epoch' THEN 'numberTaken'
  WHEN "reason" LIKE 'the store refuses it: %' THEN 'refused'
  ELSE 'malformed' END;--> statement-breakpoint
ALTER TABLE "quarantine" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "quarantine" ALTER COLUMN "code" DROP DEFAULT;
