import { resolve } from "node:path";
import { DeviceKind, DeviceTag, GatewayId } from "@sunledger/model";
import { loadConfig, systemClock } from "@sunledger/runtime";
import { openDatabase, postgresRecords } from "@sunledger/store";
import { Command, InvalidArgumentError } from "commander";
import { requireOrganisation } from "../database/require-organisation.ts";
import { installation, withDatabase } from "../database/with-database.ts";
import { runInForeground } from "../foreground.ts";
import { PlainError } from "../plain-error.ts";
import { print } from "../print.ts";
import { readPosition } from "../replay/position.ts";
import { prepareReplay } from "../replay/replay-plant.ts";
import { HouseSettings } from "../settings.ts";
import { readHouseRecord } from "../start/house-record.ts";
import { hashOf, openSecrets } from "../start/secrets.ts";

type Options = {
  readonly plant?: string;
  readonly device: readonly InputDevice[];
  readonly zone?: string;
  readonly position?: readonly [number, number];
};

type InputDevice = { readonly tag: string; readonly kind: DeviceKind };

export function inputCommand(): Command {
  const register = new Command("register")
    .description("make a sender known: the gateway in whose name its values are stored")
    .argument("<gateway>", "as mapping documents name it")
    .option("--plant <code>", "whose devices these are; absent: the only one")
    .option(
      "--device <tag=kind>",
      "a device that is to be there, as METER-01=meter",
      deviceOption,
      [],
    )
    .option("--zone <zone>", "time zone of a plant that is made, as Asia/Shanghai")
    .option("--position <latitude,longitude>", "position of a plant that is made", readPosition)
    .addHelpText(
      "after",
      `
Prints the secret by which devices sign in at the embedded broker; it stays in secrets.json of the data folder.

Example:
  $ npx sunledger input register field-meters --plant qinghe --device METER-07=meter`,
    )
    .action(registerSender);
  const check = new Command("check")
    .description("say what mapping documents come to, or everything that is wrong with them")
    .argument("<folder>", "as SUNLEDGER_INPUT_DIR")
    .action((folder: string) => runInForeground("checkInputs", { args: [resolve(folder)] }));
  const schema = new Command("schema")
    .description("print the JSON Schema of mapping documents, for editors")
    .action(() => runInForeground("checkInputs", { args: ["--print-schema"] }));
  return new Command("input")
    .description("values of devices and programs that are no gateways of Sunledger")
    .addCommand(register)
    .addCommand(check)
    .addCommand(schema);
}

async function registerSender(gateway: string, options: Options): Promise<void> {
  if (!GatewayId.safeParse(gateway).success) {
    throw new PlainError(`"${gateway}" is no id of a gateway: letters, digits, ., _ and -.`);
  }
  const settings = loadConfig(HouseSettings);
  const folder = installation(settings);
  const record = readHouseRecord(folder);
  if (!record) throw new PlainError(`There is no house in ${folder.path}: start it once.`);
  const secret = openSecrets(folder).gateway(gateway);
  await withDatabase(settings, systemClock(), async ({ url }) => {
    const database = await openDatabase(url, { name: "sunledger-input", most: 2 });
    try {
      const records = postgresRecords(database);
      const secretHash = hashOf(secret);
      const known = await records.gatewayEntry(gateway);
      if (known && known.secretHash !== secretHash) {
        throw new PlainError(`The gateway ${gateway} is there already, with a secret of its own.`);
      }
      const organisation = await requireOrganisation(database, record.organisation, undefined);
      const place = {
        ...(options.zone !== undefined && { timeZone: options.zone }),
        ...(options.position && { latitude: options.position[0], longitude: options.position[1] }),
      };
      await prepareReplay({
        ...{ records, organisation, plant: options.plant, needed: options.device },
        ...{ register: true, place, gatewayOf: () => ({ id: gateway, secretHash }) },
      });
    } finally {
      await database.close();
    }
  });
  print(`${gateway} is known. Its devices sign in at the broker by`);
  print(`  user      ${gateway}`);
  print(`  password  ${secret}`);
  print(`  client id ${gateway}, or ${gateway}~ and a name of each one's own`);
}

function deviceOption(text: string, before: readonly InputDevice[]): readonly InputDevice[] {
  const [tag, kind, ...more] = text.split("=");
  const [named, known] = [DeviceTag.safeParse(tag), DeviceKind.safeParse(kind)];
  if (named.success && known.success && more.length === 0) {
    return [...before, { tag: named.data, kind: known.data }];
  }
  throw new InvalidArgumentError(
    `Write it as TAG=KIND, a kind of ${DeviceKind.options.join(", ")}.`,
  );
}
