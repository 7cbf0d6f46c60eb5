import { Client } from "pg";

/**
 * Runs the task in one session of its own and ends it. A session that is lost fails what the task asks
 * of it; unheard, it would end the program.
 */
export async function inSession<T>(
  url: string,
  name: string,
  task: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url, application_name: name });
  client.on("error", () => {});
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}
