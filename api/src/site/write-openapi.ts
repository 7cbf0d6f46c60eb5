import { writeFile } from "node:fs/promises";
import { openApiDocument } from "../testing/openapi-document.ts";

// `npm run openapi -w api`: keeps the description in `docs` as the routes are.
const place = new URL("../../../docs/openapi.generated.json", import.meta.url);
await writeFile(place, await openApiDocument());
