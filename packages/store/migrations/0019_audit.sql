CREATE TABLE "audit" (
	"organisation" uuid NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" bigint NOT NULL,
	"by" json NOT NULL,
	"address" text,
	"action" text NOT NULL,
	"subject" json NOT NULL,
	"before" json,
	"after" json,
	CONSTRAINT "audit_organisation_number_pk" PRIMARY KEY("organisation","number")
);
--> statement-breakpoint
ALTER TABLE "audit" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit" ADD CONSTRAINT "audit_organisation_organisation_id_fk" FOREIGN KEY ("organisation") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "of_organisation" ON "audit" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));