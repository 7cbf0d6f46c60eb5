import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/database-for-test.ts";
import { leaseContract } from "./lease.contract.ts";
import { postgresLease } from "./postgres-lease.ts";

// A busy machine is slow to start servers and to stop them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase("lease test");
});
afterAll(() => db.close());

leaseContract("leases in PostgreSQL", () => ({
  one: postgresLease(db.database, "orders"),
  other: postgresLease(db.database, "orders"),
}));

test("leases of different things are nothing to each other", async () => {
  const [one, other] = ["orders", "else"].map((name) => postgresLease(db.database, name));
  expect((await one?.take())?.aborted).toBe(false);
  expect((await other?.take())?.aborted).toBe(false);
  await one?.close();
  await other?.close();
});

test("who loses the session loses the lease, knows it, and another may take it", async () => {
  const [one, other] = [1, 2].map(() => postgresLease(db.database, "orders"));
  const held = await one?.take();
  const lost = new Promise((resolve) => held?.addEventListener("abort", resolve));
  await db.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'sunledger-lease-orders' and pid <> pg_backend_pid()`,
  );
  await lost;
  // The server says that a session ends before it lets go of what that session had locked.
  const taken = () => other?.take();
  expect((await vi.waitUntil(taken, { timeout: 30_000, interval: 20 }))?.aborted).toBe(false);
  expect(await one?.take()).toBeUndefined();
  await one?.close();
  await other?.close();
});
