import * as z from "zod";
import { Scenario } from "./scenario.ts";

/** The JSON Schema of a scenario file as it is written, for editors and other programs. */
export function scenarioSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(Scenario, { io: "input", unrepresentable: "any" });
  const titled = { $schema, title: "A scenario of Sunledger's simulators", ...schema };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}
