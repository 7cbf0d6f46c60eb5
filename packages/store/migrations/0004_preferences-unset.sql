ALTER TABLE "auth_user" ALTER COLUMN "language" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "auth_user" ALTER COLUMN "language" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "auth_user" ALTER COLUMN "theme" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "auth_user" ALTER COLUMN "theme" DROP NOT NULL;--> statement-breakpoint
-- Defaults and choices looked the same: who has both defaults has most likely chosen neither.
UPDATE "auth_user" SET "language" = NULL, "theme" = NULL WHERE "language" = 'en' AND "theme" = 'dark';
