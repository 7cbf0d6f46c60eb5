CREATE TABLE "command" (
	"organisation" uuid NOT NULL,
	"id" uuid NOT NULL,
	"gateway" text NOT NULL,
	"device" uuid,
	"what" json NOT NULL,
	"ordered_by" json NOT NULL,
	"session" text NOT NULL,
	"at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"state" text NOT NULL,
	"outcome" json,
	"answers" integer NOT NULL,
	CONSTRAINT "command_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
ALTER TABLE "command" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "command" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "command_answer" (
	"organisation" uuid NOT NULL,
	"command" uuid NOT NULL,
	"number" integer NOT NULL,
	"digest" text NOT NULL,
	"heard_at" bigint NOT NULL,
	"result" json NOT NULL,
	CONSTRAINT "command_answer_organisation_command_number_pk" PRIMARY KEY("organisation","command","number"),
	CONSTRAINT "command_answer_organisation_command_digest_unique" UNIQUE("organisation","command","digest")
);
--> statement-breakpoint
ALTER TABLE "command_answer" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "command_answer" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "configuration" (
	"organisation" uuid NOT NULL,
	"gateway" text NOT NULL,
	"version" integer NOT NULL,
	"document" json,
	"at" bigint NOT NULL,
	"by" json NOT NULL,
	"note" text NOT NULL,
	"state" text NOT NULL,
	"reasons" json,
	"reported_at" bigint,
	CONSTRAINT "configuration_organisation_gateway_version_pk" PRIMARY KEY("organisation","gateway","version")
);
--> statement-breakpoint
ALTER TABLE "configuration" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "configuration" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "device_event" ADD COLUMN "by" json;--> statement-breakpoint
ALTER TABLE "command" ADD CONSTRAINT "command_organisation_gateway_gateway_organisation_id_fk" FOREIGN KEY ("organisation","gateway") REFERENCES "public"."gateway"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "command" ADD CONSTRAINT "command_organisation_device_device_organisation_id_fk" FOREIGN KEY ("organisation","device") REFERENCES "public"."device"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "command_answer" ADD CONSTRAINT "command_answer_organisation_command_command_organisation_id_fk" FOREIGN KEY ("organisation","command") REFERENCES "public"."command"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "configuration" ADD CONSTRAINT "configuration_organisation_gateway_gateway_organisation_id_fk" FOREIGN KEY ("organisation","gateway") REFERENCES "public"."gateway"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "command_newest" ON "command" USING btree ("organisation","gateway","at");--> statement-breakpoint
CREATE POLICY "of_organisation" ON "command" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "command_answer" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "configuration" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));