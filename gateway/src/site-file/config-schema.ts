import * as z from "zod";
import { GatewayConfig } from "../config.ts";

type Schema = z.core.JSONSchema.JSONSchema;

/** The gateway's file as JSON Schema (draft 2020-12), for editors and other programs. */
export const configSchema: Schema = {
  title: "The configuration of a Sunledger gateway",
  ...z.toJSONSchema(GatewayConfig, { io: "input" }),
};

/** The schema as the text of `gateway/config.schema.generated.json`. */
export function configSchemaText(): string {
  return `${JSON.stringify(configSchema, null, 2)}\n`;
}

/** What is allowed at that place; `undefined` where nothing is known of it. */
export function schemaAt(path: readonly PropertyKey[]): Schema | undefined {
  let schema: Schema | undefined = configSchema;
  for (const step of path) {
    const within: Schema[string] =
      typeof step === "number" ? schema?.items : schema?.properties?.[String(step)];
    schema = isSchema(within) ? within : undefined;
  }
  return schema;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
