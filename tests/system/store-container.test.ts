import { migrate, openDatabase, postgresFrameStore } from "@sunledger/store";
import { frameStoreContract } from "@sunledger/store/contract";
import { GenericContainer, getContainerRuntimeClient, Wait } from "testcontainers";
import { describe } from "vitest";
import { makeRoles } from "../support/server-roles.ts";

const hasEngine = await getContainerRuntimeClient().then(
  () => true,
  () => false,
);

describe.runIf(hasEngine)("in a container (container engine)", () => {
  frameStoreContract("PostgreSQL of its own image", async () => {
    const container = await new GenericContainer("postgres:17-alpine")
      .withEnvironment({ POSTGRES_PASSWORD: "test" })
      .withExposedPorts(5432)
      // The image starts the server twice; only the second one is there to stay.
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start();
    const place = `${container.getHost()}:${container.getMappedPort(5432)}`;
    const { ownerUrl, appUrl } = await makeRoles(`postgres://postgres:test@${place}/postgres`);
    await migrate(ownerUrl);
    const database = await openDatabase(appUrl, { name: "contract" });
    const again = () => postgresFrameStore(database);
    return {
      ...{ store: again(), again },
      async close() {
        await database.close();
        await container.stop();
      },
    };
  });
});
