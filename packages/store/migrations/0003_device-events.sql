CREATE TABLE "device_event" (
	"organisation" uuid NOT NULL,
	"id" uuid NOT NULL,
	"device" uuid NOT NULL,
	"point" text NOT NULL,
	"kind" text NOT NULL,
	"at" bigint NOT NULL,
	"before" text NOT NULL,
	"after" text NOT NULL,
	"counted" text,
	CONSTRAINT "device_event_organisation_id_pk" PRIMARY KEY("organisation","id"),
	CONSTRAINT "device_event_organisation_device_at_point_kind_unique" UNIQUE("organisation","device","at","point","kind")
);
--> statement-breakpoint
ALTER TABLE "device_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "device_event" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_organisation_id_unique" UNIQUE("organisation","id");--> statement-breakpoint
ALTER TABLE "device_event" ADD CONSTRAINT "device_event_organisation_device_device_organisation_id_fk" FOREIGN KEY ("organisation","device") REFERENCES "public"."device"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "of_organisation" ON "device_event" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));