import { DeviceProfile } from "@sunledger/model/profile";

const holding = { kind: "holding", poll: "slow", src: ["bench"] } as const;
const confirm = { guard: "confirm", readBack: true } as const;

/** An inverter of nobody's make, with a set-point of each kind. */
export const testProfile = {
  format: 1,
  id: "bench-inverter",
  vendor: "Bench",
  family: "Test",
  kind: "inverter",
  protocol: "modbus",
  models: ["*"],
  verification: { level: "unverified", note: "for tests" },
  sources: [{ id: "bench", kind: "manual", title: "Bench" }],
  transport: { tcp: { port: 502 }, unit: { default: 1 } },
  limits: { maxRegistersPerRead: 20, maxGap: 20 },
  points: [
    {
      ...{ ...holding, name: "setpoint.activePower.percent", address: 100, type: "uint16" },
      ...{ unit: "percent", scale: 0.1, access: "rw" },
      write: { ...confirm, min: 0, max: 100, step: 0.1, functions: [6], persistent: false },
    },
    {
      ...{ ...holding, name: "setpoint.activePower.watts", address: 102, type: "uint32" },
      ...{ unit: "W", access: "rw" },
      write: {
        ...{ guard: "forbid-cyclic", readBack: true, min: 0, functions: [16], persistent: true },
        maxFrom: "rating.maxActivePower",
      },
    },
    {
      ...{ ...holding, name: "setpoint.activePower.mode", address: 104, type: "uint16" },
      access: "rw",
      write: { ...confirm, allowed: [0, 7], persistent: false },
    },
    {
      ...{ ...holding, name: "setpoint.export.percent", address: 105, type: "uint16" },
      ...{ unit: "percent", access: "rw" },
      write: {
        ...{ ...confirm, min: 0, max: 100, persistent: false },
        requires: [{ name: "setpoint.activePower.mode", equals: 7 }],
      },
    },
    {
      ...{ ...holding, name: "setpoint.export.enable", address: 106, type: "uint16" },
      access: "rw",
      write: { ...confirm, bits: [0], persistent: false },
    },
    {
      ...{ ...holding, name: "setpoint.onOff", address: 107, type: "uint16", access: "rw" },
      write: { ...confirm, guard: "forbidden" },
    },
    {
      ...{ ...holding, name: "setpoint.connect", address: 107, type: "uint16", access: "rw" },
      ...{ src: [], write: confirm },
    },
    {
      ...{ ...holding, name: "setpoint.reactivePower.percent", address: 108, type: "uint16" },
      ...{ unit: "percent", access: "w", poll: "never" },
      write: {
        ...{ guard: "confirm", readBack: false, persistent: false, min: 0, max: 100 },
        ...{ refreshS: 60, revertAfterS: 600 },
      },
    },
    {
      ...{ ...holding, name: "setpoint.battery.mode", address: 109, type: "uint16" },
      ...{ access: "w", poll: "never" },
      write: { guard: "confirm", readBack: false, persistent: false, allowed: [0, 1, 2, 3] },
    },
    {
      ...{ ...holding, name: "setpoint.export.watts", address: 108, type: "uint16" },
      ...{ unit: "W", access: "rw" },
      write: { ...confirm, min: 0, persistent: false },
    },
    {
      ...{ ...holding, name: "rating.maxActivePower", address: 110, type: "uint32", unit: "W" },
    },
    { ...holding, name: "ac.power.active", address: 112, type: "uint32", unit: "W" },
  ],
};

/** The registers of a device of that kind, as it leaves the works. */
export const testRegisters: readonly (readonly [number, number])[] = [
  ...([
    [100, 1_000],
    [101, 0],
    [102, 0],
    [103, 10_000],
  ] as const),
  ...([
    [104, 0],
    [105, 100],
    [106, 0x0400],
    [107, 1],
    [108, 0],
    [109, 0],
  ] as const),
  ...([
    [110, 0],
    [111, 10_000],
    [112, 0],
    [113, 4_200],
  ] as const),
];

export const testDeviceProfile = DeviceProfile.parse(testProfile);
