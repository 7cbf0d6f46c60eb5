CREATE TABLE "rollout" (
	"organisation" uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" bigint NOT NULL,
	"revision" integer NOT NULL,
	"is_open" boolean NOT NULL,
	"content" json NOT NULL,
	CONSTRAINT "rollout_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
ALTER TABLE "rollout" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "rollout" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_organisation_organisation_id_fk" FOREIGN KEY ("organisation") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rollout_newest" ON "rollout" USING btree ("organisation","at");--> statement-breakpoint
CREATE POLICY "of_organisation" ON "rollout" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));
