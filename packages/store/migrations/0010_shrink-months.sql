-- Where a month's frames are packed and vacuum has cut its table to nothing, its index still is as great as it ever
-- was: this makes it anew. No row is read, so that no policy matters; a month in use is left for the next time.
CREATE FUNCTION "frame_shrink"() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '200ms'
AS $$
DECLARE
  part regclass;
  shrunk integer := 0;
BEGIN
  FOR part IN
    SELECT inhrelid FROM pg_inherits
     WHERE inhparent = 'public.frame'::regclass
       AND pg_relation_size(inhrelid) = 0 AND pg_indexes_size(inhrelid) > 65536
  LOOP
    BEGIN
      EXECUTE format('REINDEX TABLE %s', part);
      shrunk := shrunk + 1;
    EXCEPTION WHEN lock_not_available THEN NULL;
    END;
  END LOOP;
  RETURN shrunk;
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "frame_shrink"() FROM PUBLIC;
