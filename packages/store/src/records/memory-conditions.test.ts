import { conditionsContract } from "./conditions.contract.ts";
import { memoryConditions } from "./memory-conditions.ts";

conditionsContract(memoryConditions);
