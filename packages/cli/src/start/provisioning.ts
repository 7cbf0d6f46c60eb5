import type { Role } from "@sunledger/model";
import { openDatabase, type Provision, postgresRecords } from "@sunledger/store";
import { type DemoDevice, type DemoPlant, nameOf } from "./demo-plants.ts";
import { type HouseRecord, recordFor } from "./house-record.ts";
import { hashOf, type openSecrets } from "./secrets.ts";
import { createUsers } from "./users.ts";

/** How somebody gets in, as it is told at the end of a start. */
export type SignIn = { readonly email: string; readonly password: string; readonly role: Role };

type Parts = {
  readonly databaseUrl: string;
  readonly record: HouseRecord;
  readonly plants: readonly DemoPlant[];
  readonly secrets: ReturnType<typeof openSecrets>;
  /** What a program that makes users is told besides. */
  readonly env: Readonly<Record<string, string>>;
};

const userNames: Readonly<Record<Role, string>> = {
  operator: "Operator",
  administrator: "Administrator",
  viewer: "Viewer",
};
const demoPassword = "sunledger-demo-2026";

export type Provisioned = {
  readonly signIns: readonly SignIn[];
  /** The record as it holds for this database. */
  readonly record: HouseRecord;
};

/** Makes the organisation, its plants, gateways, devices and first users; again, it changes nothing. */
export async function provisionHouse(parts: Parts): Promise<Provisioned> {
  const { databaseUrl, plants, secrets } = parts;
  const database = await openDatabase(databaseUrl, { name: "sunledger-start", most: 2 });
  let organisation: string;
  try {
    const records = postgresRecords(database);
    organisation = await records.organisation(parts.record.organisation);
    await records.provision({
      organisation,
      plants: plants.map((plant) => wantedOf(plant, (id) => hashOf(secrets.gateway(id)))),
    });
  } finally {
    await database.close();
  }
  const record = recordFor(parts.record, organisation);
  const signIns = signInsOf(record, secrets);
  if (record.provisioned) return { signIns, record };
  const users = signIns.map((signIn) => ({
    ...signIn,
    name: userNames[signIn.role],
    organisation: record.organisation,
  }));
  await createUsers(users, parts.env);
  return { signIns, record: { ...record, provisioned: true } };
}

function signInsOf({ kind }: HouseRecord, secrets: Parts["secrets"]): SignIn[] {
  if (kind === "empty") {
    const password = secrets.administrator();
    return [{ email: "admin@sunledger.example", password, role: "administrator" }];
  }
  const roles = { operator: "operator", admin: "administrator", viewer: "viewer" } as const;
  return Object.entries(roles).map(([name, role]) => ({
    email: `${name}@sunledger.example`,
    password: demoPassword,
    role,
  }));
}

function wantedOf(
  demo: DemoPlant,
  secretHash: (gateway: string) => string,
): Provision["plants"][number] {
  const { gateway, historyGateway, devices, ...plant } = demo;
  const sum = (rated: "ratedDcW" | "ratedAcW") =>
    devices.reduce((total, device) => total + (device[rated] ?? 0), 0);
  return {
    plant: { ...plant, dcPowerW: sum("ratedDcW"), acPowerW: sum("ratedAcW") },
    gateways: [gateway, historyGateway].map((id) => ({ id, secretHash: secretHash(id) })),
    devices: devices.map((device) => deviceOf(device, gateway)),
  };
}

function deviceOf(device: DemoDevice, gateway: string) {
  const { profile: _profile, ...known } = device;
  return { ...known, gateway, name: nameOf(device) };
}
