-- The owner of the tables is held by the policies too: programs may sign in as the owner.
ALTER TABLE "organisation" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "plant" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "gateway" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "device" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "member" FORCE ROW LEVEL SECURITY;--> statement-breakpoint

-- Who knocks is known before their organisation is. Each function below answers one such question;
-- its owner sees just the row that the function names in sunledger.lookup, which ends with the call.
CREATE POLICY "looked_up" ON "organisation" FOR ALL TO CURRENT_USER
  USING (name = (select nullif(current_setting('sunledger.lookup', true), '')))
  WITH CHECK (name = (select nullif(current_setting('sunledger.lookup', true), '')));--> statement-breakpoint
CREATE POLICY "looked_up" ON "gateway" FOR SELECT TO CURRENT_USER
  USING (id = (select nullif(current_setting('sunledger.lookup', true), '')));--> statement-breakpoint
CREATE POLICY "looked_up" ON "member" FOR SELECT TO CURRENT_USER
  USING ("user" = (select nullif(current_setting('sunledger.lookup', true), '')));--> statement-breakpoint

CREATE FUNCTION "organisation_of_gateway"(wanted text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  answer uuid;
BEGIN
  PERFORM set_config('sunledger.lookup', wanted, true);
  answer := (SELECT g.organisation FROM public.gateway g WHERE g.id = wanted);
  PERFORM set_config('sunledger.lookup', '', true);
  RETURN answer;
END
$$;--> statement-breakpoint
CREATE FUNCTION "organisation_of_user"(wanted text) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  answer uuid;
BEGIN
  PERFORM set_config('sunledger.lookup', wanted, true);
  answer := (SELECT m.organisation FROM public.member m WHERE m."user" = wanted ORDER BY m.organisation LIMIT 1);
  PERFORM set_config('sunledger.lookup', '', true);
  RETURN answer;
END
$$;--> statement-breakpoint
-- The organisation of that name; made with the given id when there is none.
CREATE FUNCTION "organisation_named"(wanted text, fresh uuid) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  answer uuid;
BEGIN
  PERFORM set_config('sunledger.lookup', wanted, true);
  INSERT INTO public.organisation (id, name) VALUES (fresh, wanted) ON CONFLICT (name) DO NOTHING;
  answer := (SELECT o.id FROM public.organisation o WHERE o.name = wanted);
  PERFORM set_config('sunledger.lookup', '', true);
  RETURN answer;
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "organisation_of_gateway"(text) FROM PUBLIC;--> statement-breakpoint
REVOKE ALL ON FUNCTION "organisation_of_user"(text) FROM PUBLIC;--> statement-breakpoint
REVOKE ALL ON FUNCTION "organisation_named"(text, uuid) FROM PUBLIC;
