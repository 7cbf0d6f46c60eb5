import { writeFile } from "node:fs/promises";
import { scenarioSchema } from "./scenario-schema.ts";

// `npm run schema -w simulators`: keeps the published schema as the scenario's own is.
await writeFile(
  new URL("../../scenarios/scenario.schema.generated.json", import.meta.url),
  scenarioSchema(),
);
