import { boolean, index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

// Just what better-auth's Drizzle adapter expects, with two preferences of ours. People belong to
// organisations by `member`; these tables have none, and only sign-in touches them.

const moment = (name: string) => timestamp(name, { withTimezone: true });

const user = pgTable("auth_user", {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean("email_verified").default(false).notNull(),
  image: text(),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
  // Null until the user has chosen.
  language: text(),
  theme: text(),
});

const session = pgTable(
  "auth_session",
  {
    id: text().primaryKey(),
    expiresAt: moment("expires_at").notNull(),
    token: text().notNull().unique(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
  },
  (table) => [index("auth_session_user").on(table.userId)],
);

const account = pgTable(
  "auth_account",
  {
    id: text().primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: moment("access_token_expires_at"),
    refreshTokenExpiresAt: moment("refresh_token_expires_at"),
    scope: text(),
    password: text(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [index("auth_account_user").on(table.userId)],
);

const verification = pgTable(
  "auth_verification",
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment("expires_at").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [index("auth_verification_identifier").on(table.identifier)],
);

/** The tables of sign-in, named as better-auth's Drizzle adapter looks them up. */
export const authTables = { user, session, account, verification };
