import { filterOf } from "@sunledger/model/inputs";
import { loadConfig, runService, steadyClock } from "@sunledger/runtime";
import { openDatabase, postgresRecords, type Records } from "@sunledger/store";
import { readMappings } from "../read-mappings.ts";
import { startBroker } from "./app.ts";
import { BrokerConfig, listenOn } from "./config.ts";

await runService("broker", async (scope) => {
  const config = loadConfig(BrokerConfig);

  const { SUNLEDGER_INPUT_DIR: inputDir } = config;
  const mappings = inputDir === undefined ? [] : readMappings(inputDir);
  const inputs = mappings
    .filter((one) => one.format === "json")
    .map((one) => ({ gateway: one.gateway, filter: filterOf(one) }));

  // Opened when first asked: the broker stands while its database is still coming, or gone.
  let opened: Promise<Records> | undefined;
  const records = () => {
    opened ??= openDatabase(config.SUNLEDGER_DATABASE_URL, {
      name: "sunledger-broker",
      most: 4,
      onError: (error) => scope.log.warn({ err: error }, "database"),
    }).then(postgresRecords);
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  scope.onStop("records", async () => (await opened)?.close());

  await startBroker(
    {
      listenOn: listenOn(config),
      gatewayEntry: async (id) => (await records()).gatewayEntry(id),
      serviceSecret: config.SUNLEDGER_SERVICE_SECRET,
      drivenClock: config.SUNLEDGER_CLOCK === "driven",
      inputs,
      pace: steadyClock(),
    },
    scope,
  );
});
