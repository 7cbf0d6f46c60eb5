-- Whose frames are here: their upkeep is nobody's turn who has to be heard first. The function's owner alone sees
-- them, while it answers.
CREATE POLICY "looked_up" ON "frame_organisation" FOR SELECT TO CURRENT_USER
  USING ((select nullif(current_setting('sunledger.lookup', true), '')) = 'frame_organisations');--> statement-breakpoint
CREATE FUNCTION "frame_organisations"() RETURNS uuid[]
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  answer uuid[];
BEGIN
  PERFORM set_config('sunledger.lookup', 'frame_organisations', true);
  answer := (SELECT array_agg(o.organisation ORDER BY o.number) FROM public.frame_organisation o);
  PERFORM set_config('sunledger.lookup', '', true);
  RETURN coalesce(answer, '{}');
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "frame_organisations"() FROM PUBLIC;--> statement-breakpoint

-- The day of UTC, counted from 1970, at which roll-ups were compared with their frames last.
ALTER TABLE "frame_organisation" ADD COLUMN "checked_day" integer;--> statement-breakpoint
-- What is rolled up is looked for a day at a time, the newest first.
CREATE INDEX "stale_quarter_by_time" ON "stale_quarter" ("organisation", "quarter");
