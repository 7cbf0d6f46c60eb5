import { leaseContract } from "./lease.contract.ts";
import { memoryLeases } from "./memory-lease.ts";

leaseContract("leases in memory", () => {
  const open = memoryLeases();
  return { one: open(), other: open() };
});
