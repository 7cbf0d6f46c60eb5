import { frameStoreContract } from "./frame-store.contract.ts";
import { memoryFrameStore } from "./memory-frame-store.ts";

frameStoreContract("memory", async () => ({ store: memoryFrameStore(), close: async () => {} }));
