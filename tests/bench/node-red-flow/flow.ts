import type { Plant } from "../gateway-load/plant.ts";
import { hostOf } from "../native/register-server.ts";

export type FlowPlace = { readonly modbusPort: number; readonly mqttPort: number };

/**
 * The flow that somebody would draw for the plant: a connection and a reading node for each device,
 * everything wired to one function and one MQTT node. All else is what the editor presets.
 */
export function flowOf(plant: Plant, { modbusPort, mqttPort }: FlowPlace): object[] {
  const devices = Array.from({ length: plant.devices }, (_, i) => i);
  return [
    { id: "tab", type: "tab", label: "Plant" },
    ...devices.flatMap((i) => [
      {
        ...{ id: `client-${i}`, type: "modbus-client", clienttype: "tcp", tcpType: "DEFAULT" },
        ...{ tcpHost: hostOf(i), tcpPort: modbusPort, unit_id: 1, commandDelay: 1 },
        ...{ bufferCommands: true, parallelUnitIdsAllowed: true, failureLogEnabled: false },
        ...{ clientTimeout: 1_000, reconnectOnTimeout: true, reconnectTimeout: 2_000 },
        ...{ showErrors: false, showWarnings: false, showLogs: false },
      },
      {
        ...{ id: `read-${i}`, type: "modbus-read", z: "tab", server: `client-${i}` },
        ...{ topic: `plant/INV-${String(i + 1).padStart(4, "0")}`, unitid: 1 },
        ...{ dataType: "HoldingRegister", adr: 0, quantity: plant.registersABlock },
        ...{ rate: 1, rateUnit: "s", wires: [["decode"], []] },
      },
    ]),
    {
      ...{ id: "decode", type: "function", z: "tab", outputs: 1, wires: [["publish"]] },
      ...{ initialize: "", finalize: "", libs: [], func: decode },
    },
    {
      ...{ id: "publish", type: "mqtt out", z: "tab", topic: "", qos: "1", retain: "false" },
      ...{ broker: "broker", wires: [] },
    },
    {
      ...{ id: "broker", type: "mqtt-broker", broker: "127.0.0.1", port: String(mqttPort) },
      ...{ clientid: "node-red", autoConnect: true, usetls: false, protocolVersion: "4" },
      ...{ keepalive: "60", cleansession: true },
    },
  ];
}

/** As the profile of the gateway's benchmark says: currents and voltages in turn, 0xFFFF is none. */
const decode = `
const values = msg.payload.map((raw, i) =>
  raw === 0xffff ? null : Number((raw * (i % 2 === 0 ? 0.01 : 0.1)).toFixed(2)));
return { topic: msg.topic, payload: { at: Date.now(), values } };
`;
