CREATE TABLE "auth_account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "device" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organisation" uuid NOT NULL,
	"plant" uuid NOT NULL,
	"gateway" text,
	"tag" text NOT NULL,
	"name" json NOT NULL,
	"kind" text NOT NULL,
	"at_grid" boolean NOT NULL,
	"rated_dc_w" double precision,
	"rated_ac_w" double precision,
	"announcement" json,
	CONSTRAINT "device_plant_tag_unique" UNIQUE("plant","tag")
);
--> statement-breakpoint
ALTER TABLE "device" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "gateway" (
	"id" text PRIMARY KEY NOT NULL,
	"organisation" uuid NOT NULL,
	"plant" uuid NOT NULL,
	"secret_hash" text NOT NULL,
	"status" json,
	"heard_at" bigint,
	CONSTRAINT "gateway_organisation_id_unique" UNIQUE("organisation","id")
);
--> statement-breakpoint
ALTER TABLE "gateway" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "member" (
	"organisation" uuid NOT NULL,
	"user" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "member_organisation_user_pk" PRIMARY KEY("organisation","user")
);
--> statement-breakpoint
ALTER TABLE "member" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "organisation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "organisation_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "organisation" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plant" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organisation" uuid NOT NULL,
	"code" text NOT NULL,
	"name" json NOT NULL,
	"time_zone" text NOT NULL,
	"latitude" double precision NOT NULL,
	"longitude" double precision NOT NULL,
	"altitude_m" double precision NOT NULL,
	"dc_power_w" double precision NOT NULL,
	"ac_power_w" double precision NOT NULL,
	"gamma_per_c" double precision NOT NULL,
	"commissioned" text,
	CONSTRAINT "plant_organisation_code_unique" UNIQUE("organisation","code"),
	CONSTRAINT "plant_organisation_id_unique" UNIQUE("organisation","id")
);
--> statement-breakpoint
ALTER TABLE "plant" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth_session" (
	"id" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" text NOT NULL,
	CONSTRAINT "auth_session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "auth_user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"theme" text DEFAULT 'dark' NOT NULL,
	CONSTRAINT "auth_user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "auth_verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth_account" ADD CONSTRAINT "auth_account_user_id_auth_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_organisation_plant_plant_organisation_id_fk" FOREIGN KEY ("organisation","plant") REFERENCES "public"."plant"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_organisation_gateway_gateway_organisation_id_fk" FOREIGN KEY ("organisation","gateway") REFERENCES "public"."gateway"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway" ADD CONSTRAINT "gateway_organisation_plant_plant_organisation_id_fk" FOREIGN KEY ("organisation","plant") REFERENCES "public"."plant"("organisation","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_organisation_organisation_id_fk" FOREIGN KEY ("organisation") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_user_auth_user_id_fk" FOREIGN KEY ("user") REFERENCES "public"."auth_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plant" ADD CONSTRAINT "plant_organisation_organisation_id_fk" FOREIGN KEY ("organisation") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_session" ADD CONSTRAINT "auth_session_user_id_auth_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."auth_user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "auth_account_user" ON "auth_account" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_session_user" ON "auth_session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_verification_identifier" ON "auth_verification" USING btree ("identifier");--> statement-breakpoint
CREATE POLICY "of_organisation" ON "device" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "gateway" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "member" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "organisation" AS PERMISSIVE FOR ALL TO public USING (id = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (id = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "of_organisation" ON "plant" AS PERMISSIVE FOR ALL TO public USING (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid)) WITH CHECK (organisation = (select nullif(current_setting('sunledger.organisation', true), '')::uuid));