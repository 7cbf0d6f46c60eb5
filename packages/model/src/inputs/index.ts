export { InputMapping, JsonMapping, LineMapping } from "./input-mapping.ts";
export { inputSchema, inputSchemaText } from "./input-schema.ts";
export { type Line, linesOf, parseLine } from "./line-protocol.ts";
export { filterOf, isMapped, mapJson } from "./map-json.ts";
export { mapLine, type Precision, precisions } from "./map-line.ts";
export type { Mapped, MappedLane, Mapping } from "./mapped-values.ts";
