import { text } from "node:stream/consumers";
import { ConfigError, loadConfig, openLog } from "@sunledger/runtime";
import { openDatabase, postgresRecords } from "@sunledger/store";
import * as z from "zod";
import { ApiConfig } from "../config.ts";
import { createUsers, NewUsers } from "./create-users.ts";
import { openIdentity } from "./open-identity.ts";

// A run of its own: reads users as JSON from standard input, adds those who are missing and ends.
const log = openLog("create-user", "json");
const Config = ApiConfig.pick({ SUNLEDGER_DATABASE_URL: true, SUNLEDGER_AUTH_SECRET: true });

try {
  const config = loadConfig(Config);
  const users = readUsers(await text(process.stdin));
  const database = await openDatabase(config.SUNLEDGER_DATABASE_URL, { name: "create-user" });
  try {
    const identity = await openIdentity({
      database,
      records: postgresRecords(database),
      secret: config.SUNLEDGER_AUTH_SECRET,
      publicUrl: "http://127.0.0.1",
    });
    const created = await createUsers(identity, users);
    log.info({ created: created.length, kept: users.length - created.length }, "users are there");
  } finally {
    await database.close();
  }
} catch (error) {
  if (error instanceof ConfigError) log.fatal(error.message);
  else log.fatal({ err: error }, "could not create users");
  process.exitCode = 1;
}

function readUsers(json: string): NewUsers {
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue("standard input is not JSON");
        return z.NEVER;
      }
    })
    .pipe(NewUsers)
    .safeParse(json);
  if (!parsed.success) throw new ConfigError(z.prettifyError(parsed.error));
  return parsed.data;
}
