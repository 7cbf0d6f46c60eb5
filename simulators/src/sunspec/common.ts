import type { ModelContent } from "./layout.ts";

/** Model 1: who made the device and what it is. */
export const common: ModelContent = {
  id: 1,
  points: {
    Mn: "id.manufacturer",
    Md: "id.model",
    Opt: "id.options",
    Vr: "id.version",
    SN: "id.serial",
    DA: { fixed: 1 },
  },
};

export const maker = { "id.manufacturer": "Sunledger", "id.version": "2.4.1" } as const;
