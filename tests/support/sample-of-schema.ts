import { randomUUID } from "node:crypto";

/** What is read here of a JSON schema, as OpenAPI has it. */
type Schema = {
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

/** What strings are called in our schemas says what they have to look like. */
const words: Readonly<Record<string, string>> = {
  ...{ device: "INV-01", tag: "INV-01", point: "ac.power.active", email: "nobody@example.org" },
};

/** A plain value of a schema: what is required, and the first of what it may be. */
export function sampleOf(schema: Schema, name = ""): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.enum ?? [];
  if (first !== undefined) return first;
  const [kind] = schema.oneOf ?? schema.anyOf ?? [];
  if (kind) return sampleOf(kind, name);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [key, sampleOf(schema.properties?.[key] ?? {}, key)]),
      );
    case "array":
      return [];
    case "string":
      return schema.format === "uuid" ? randomUUID() : (words[name] ?? "x");
    case "number":
    case "integer":
      return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
    case "boolean":
      return false;
    default:
      return null;
  }
}
