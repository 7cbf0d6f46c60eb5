import { openFrameStore } from "@sunledger/store";
import { frameStoreContract } from "@sunledger/store/contract";
import { GenericContainer, getContainerRuntimeClient, Wait } from "testcontainers";
import { describe } from "vitest";
import { openTestDatabase } from "../../packages/store/src/testing/database-for-test.ts";

const hasEngine = await getContainerRuntimeClient().then(
  () => true,
  () => false,
);

describe.runIf(hasEngine)("stores of time series in containers (container engine)", () => {
  frameStoreContract("InfluxDB 2.7", () => {
    const container = new GenericContainer("influxdb:2.7.11-alpine")
      .withEnvironment({
        DOCKER_INFLUXDB_INIT_MODE: "setup",
        DOCKER_INFLUXDB_INIT_USERNAME: "sun",
        DOCKER_INFLUXDB_INIT_PASSWORD: "sunledger",
        DOCKER_INFLUXDB_INIT_ORG: "solar",
        DOCKER_INFLUXDB_INIT_BUCKET: "sun",
        DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: "token",
      })
      .withExposedPorts(8_086)
      .withWaitStrategy(Wait.forHttp("/ready", 8_086));
    return open(container, 8_086, (place) => `influxdb+http://token@${place}/sun?org=solar`);
  });

  frameStoreContract("InfluxDB 3 Core", () => {
    const container = new GenericContainer("influxdb:3.0.3-core")
      .withCommand([
        ...["influxdb3", "serve", "--node-id=one", "--object-store=file", "--data-dir=/tmp/sun"],
        "--without-auth",
      ])
      .withExposedPorts(8_181)
      .withWaitStrategy(Wait.forHttp("/health", 8_181));
    // A database is made by the first write; what is asked before must find one.
    const make = (place: string) =>
      fetch(`http://${place}/api/v3/configure/database`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ db: "sun" }),
      });
    return open(container, 8_181, (place) => `influxdb+http://${place}/sun`, make);
  });

  frameStoreContract("VictoriaMetrics", () => {
    const container = new GenericContainer("victoriametrics/victoria-metrics:v1.102.0")
      .withCommand(["-retentionPeriod=100y", "-dedup.minScrapeInterval=1ms"])
      .withExposedPorts(8_428)
      .withWaitStrategy(Wait.forHttp("/health", 8_428));
    return open(container, 8_428, (place) => `victoriametrics+http://${place}`);
  });
});

async function open(
  image: GenericContainer,
  port: number,
  addressOf: (place: string) => string,
  prepare: (place: string) => Promise<unknown> = async () => {},
) {
  const container = await image.start();
  const place = `${container.getHost()}:${container.getMappedPort(port)}`;
  await prepare(place);
  const database = await openTestDatabase("series container");
  const openOne = () => openFrameStore(addressOf(place), database.database);
  const [store, other] = [await openOne(), await openOne()];
  return {
    store,
    ...(store.promises.durableOnReturn && { again: () => other }),
    async close() {
      for (const one of [store, other]) await one.close();
      await database.close();
      await container.stop();
    },
  };
}
