import { testApi } from "./test-api.ts";

/** The description of all routes, as it is kept in `docs`. */
export async function openApiDocument(): Promise<string> {
  const { app } = await testApi(0);
  const answer = await app.inject("/api/v1/openapi.json");
  await app.close();
  return `${JSON.stringify(answer.json(), null, 2)}\n`;
}
