import * as z from "zod";
import { InputMapping } from "./input-mapping.ts";

/** A mapping document as JSON Schema (draft 2020-12), for editors and other programs. */
export const inputSchema = {
  title: "How Sunledger reads values of others: a mapping document",
  ...z.toJSONSchema(InputMapping, { io: "input" }),
};

/** The schema as the text of `ingest/input.schema.generated.json`. */
export function inputSchemaText(): string {
  return `${JSON.stringify(inputSchema, null, 2)}\n`;
}
