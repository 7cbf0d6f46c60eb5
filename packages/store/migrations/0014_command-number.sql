-- Orders have been listed by a time that two of them may share: they are numbered as they are taken.
ALTER TABLE "command" ADD COLUMN "number" bigint;--> statement-breakpoint
-- The owner of a table is under its policy as well, and enters no organisation here.
ALTER TABLE "command" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "command" SET "number" = taken.place
  FROM (SELECT organisation, id, row_number() OVER (ORDER BY at, id) AS place FROM "command") AS taken
 WHERE "command".organisation = taken.organisation AND "command".id = taken.id;--> statement-breakpoint
ALTER TABLE "command" ALTER COLUMN "number" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "command" ALTER COLUMN "number" ADD GENERATED ALWAYS AS IDENTITY;--> statement-breakpoint
SELECT setval(pg_get_serial_sequence('"command"', 'number'), coalesce(max("number"), 0) + 1, false) FROM "command";--> statement-breakpoint
ALTER TABLE "command" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "command_newest";--> statement-breakpoint
CREATE INDEX "command_newest" ON "command" USING btree ("organisation","gateway","number");
