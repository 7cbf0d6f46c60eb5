import { randomBytes } from "node:crypto";
import { createUsers } from "../../packages/cli/src/start/users.ts";
import { freePorts } from "../support/free-ports.ts";
import { type SignedIn, signIn } from "../support/signed-in.ts";
import { type Environment, type KeptProgram, keptProgram } from "./kept-program.ts";

/** The api as a process, and somebody who may look at the plants. */
export type KeptApi = {
  readonly program: KeptProgram;
  readonly address: string;
  signIn(): Promise<SignedIn>;
};

type ApiWish = {
  readonly organisation: string;
  readonly mqttUrl: string;
  /** As the program reaches it. */
  readonly databaseUrl: string;
  /** The same without a proxy between: users are made before the faults begin. */
  readonly ownDatabaseUrl: string;
  readonly service: string;
  /** Where values are, if not in the database. */
  readonly frames: Environment;
};

const email = "watch@faults.example";

export async function keptApi(wish: ApiWish): Promise<KeptApi> {
  const port = await freePorts(1);
  const auth = randomBytes(32).toString("base64url");
  const password = randomBytes(12).toString("base64url");
  const address = `http://127.0.0.1:${port}`;
  await createUsers(
    [{ email, password, name: "Watch", role: "viewer", organisation: wish.organisation }],
    {
      PATH: process.env.PATH ?? "",
      SUNLEDGER_DATABASE_URL: wish.ownDatabaseUrl,
      SUNLEDGER_AUTH_SECRET: auth,
    },
  );
  return {
    address,
    program: keptProgram("api", "api/src/main.ts", {
      SUNLEDGER_HTTP_PORT: String(port),
      SUNLEDGER_MQTT_URL: wish.mqttUrl,
      SUNLEDGER_DATABASE_URL: wish.databaseUrl,
      SUNLEDGER_SERVICE_SECRET: wish.service,
      SUNLEDGER_AUTH_SECRET: auth,
      ...wish.frames,
    }),
    signIn: () => signIn(address, email, password),
  };
}
