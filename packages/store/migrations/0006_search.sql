ALTER TABLE "device" ADD COLUMN "serial" text;--> statement-breakpoint
ALTER TABLE "device" ADD COLUMN "model" text;--> statement-breakpoint
-- The owner of a table is under its policy as well, and enters no organisation here.
ALTER TABLE "device" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
DO $$
DECLARE known record;
BEGIN
	FOR known IN SELECT id, announcement FROM device WHERE announcement IS NOT NULL LOOP
		BEGIN
			UPDATE device
			   SET serial = known.announcement -> 'texts' ->> 'id.serial', model = known.announcement -> 'texts' ->> 'id.model'
			 WHERE id = known.id;
		EXCEPTION WHEN untranslatable_character OR invalid_text_representation THEN
			-- A text with a zero character or half a surrogate pair: found again when it is announced anew.
		END;
	END LOOP;
END $$;--> statement-breakpoint
ALTER TABLE "device" FORCE ROW LEVEL SECURITY;
