/** One line of InfluxDB's line protocol, as it is written. */
export type Line = {
  readonly measurement: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Texts without their quotes; numbers with their `i` or `u`. */
  readonly fields: ReadonlyMap<string, Field>;
  /** In the precision that the request names; absent: when it arrives. */
  readonly time?: bigint;
};

export type Field =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly is: boolean }
  | { readonly kind: "text"; readonly text: string };

/** A line, or what is wrong with it. Comments and empty lines are `undefined`. */
export function parseLine(text: string): Line | { readonly reason: string } | undefined {
  const line = text.trim();
  if (line === "" || line.startsWith("#")) return undefined;
  const parts = splitOutside(line, " ", firstSpace(line)).filter((part) => part !== "");
  const [head = "", body, time, ...more] = parts;
  if (body === undefined) return { reason: "missing fields" };
  if (more.length > 0) return { reason: "invalid line: more than a timestamp after the fields" };
  const [name = "", ...tagTexts] = splitOutside(head, ",", noQuotes);
  if (name === "") return { reason: "missing measurement" };
  const tags = new Map<string, string>();
  for (const one of tagTexts) {
    const [key = "", value = "", ...rest] = splitOutside(one, "=", noQuotes);
    if (key === "" || value === "" || rest.length > 0) return { reason: `invalid tag: '${one}'` };
    tags.set(unescaped(key), unescaped(value));
  }
  const fields = fieldsOf(body);
  if (!(fields instanceof Map)) return fields;
  if (time !== undefined && !/^-?\d{1,19}$/.test(time)) return { reason: "bad timestamp" };
  const measurement = unescaped(name);
  return { measurement, tags, fields, ...(time !== undefined && { time: BigInt(time) }) };
}

/**
 * The lines of a body; a line break inside a field's text does not end one. Quotes are signs like any other before
 * the fields and in comments, and a backslash does not escape a line's end: one line takes no other with it.
 */
export function linesOf(body: string): readonly string[] {
  const lines: string[] = [];
  for (let begin = 0; begin <= body.length; ) {
    const end = endOfLine(body, begin);
    lines.push(body.slice(begin, end));
    begin = end + 1;
  }
  return lines;
}

function endOfLine(body: string, begin: number): number {
  let first = begin;
  while (body[first] === " " || body[first] === "\t") first += 1;
  if (body[first] !== "#") return endOfValues(body, first);
  const end = body.indexOf("\n", first);
  return end < 0 ? body.length : end;
}

function endOfValues(body: string, begin: number): number {
  let isInFields = false;
  let isQuoted = false;
  for (let i = begin; i < body.length; i += 1) {
    const sign = body[i];
    if (sign === "\\" && body[i + 1] !== "\n") i += 1;
    else if (sign === '"' && isInFields && (isQuoted || body[i - 1] === "=")) isQuoted = !isQuoted;
    else if (sign === " ") isInFields = true;
    else if (sign === "\n" && !isQuoted) return i;
  }
  return body.length;
}

/** Where the fields begin: what is before knows no quotes. */
function firstSpace(line: string): number {
  return splitOutside(line, " ", noQuotes)[0]?.length ?? 0;
}

const noQuotes = Number.POSITIVE_INFINITY;

function fieldsOf(body: string): Map<string, Field> | { readonly reason: string } {
  const fields = new Map<string, Field>();
  for (const one of splitOutside(body, ",")) {
    const equals = splitOutside(one, "=")[0]?.length ?? 0;
    const [key, value] = [one.slice(0, equals), one.slice(equals + 1)];
    if (key === "" || value === "") return { reason: `invalid field format: '${one}'` };
    const field = fieldOf(value);
    if (!field) return { reason: `invalid field value: '${value}'` };
    fields.set(unescaped(key), field);
  }
  return fields;
}

function fieldOf(value: string): Field | undefined {
  if (/^".*"$/s.test(value) && value.length > 1) {
    return { kind: "text", text: value.slice(1, -1).replace(/\\(["\\])/g, "$1") };
  }
  if (/^[+-]?\d+[iu]$/.test(value)) return { kind: "number", text: value.slice(0, -1) };
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return { kind: "number", text: value };
  if (/^(t|T|true|True|TRUE)$/.test(value)) return { kind: "boolean", is: true };
  if (/^(f|F|false|False|FALSE)$/.test(value)) return { kind: "boolean", is: false };
  return undefined;
}

/** Parts between separators that are neither escaped nor inside quotes, which are such from a place on. */
function splitOutside(text: string, separator: string, quotesFrom = 0): string[] {
  const parts: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (sign === "\\") i += 1;
    else if (sign === '"' && i >= quotesFrom && (isQuoted || text[i - 1] === "=")) {
      isQuoted = !isQuoted;
    } else if (sign === separator && !isQuoted) {
      parts.push(text.slice(begin, i));
      begin = i + 1;
    }
  }
  parts.push(text.slice(begin));
  return parts;
}

function unescaped(name: string): string {
  return name.replace(/\\([,= \\])/g, "$1");
}
