import { decimalOf, one, zero } from "@sunledger/model/decimal";
import type { Said } from "../modbus/plain-value.ts";
import type { FoundPoint, RegisterPoint } from "../modbus/register-point.ts";
import type { Row } from "../modbus/row.ts";
import type { ChainModel } from "./chain.ts";

/** The id and length with which a model begins, as they were when the chain was walked. */
export type ModelHead = { readonly register: RegisterPoint; readonly digits: bigint };

/** The head that vouches for each register of a model. */
export type ModelHeads = ReadonlyMap<RegisterPoint, ModelHead>;

/** The heads of the models in which points were found. */
export function modelHeads(chain: readonly ChainModel[], found: readonly FoundPoint[]): ModelHeads {
  const heads = new Map<number, ModelHead>();
  for (const model of chain) if (!heads.has(model.id)) heads.set(model.id, headOf(model));
  const vouched = new Map<RegisterPoint, ModelHead>();
  for (const { register, model } of found) {
    const head = model === undefined ? undefined : heads.get(model);
    if (head) vouched.set(register, head);
  }
  return vouched;
}

/** The registers of the heads that vouch for these. */
export function headsFor(registers: readonly RegisterPoint[], heads: ModelHeads): RegisterPoint[] {
  const wanted = new Set<RegisterPoint>();
  for (const register of registers) {
    const head = heads.get(register);
    if (head) wanted.add(head.register);
  }
  return [...wanted];
}

/**
 * Whether the models still stand where the chain had them: what was read with them would else be of
 * other points. What comes without its head is nobody's, and is marked as failed.
 */
export function areInPlace(decoded: Row<RegisterPoint, Said>, heads: ModelHeads): boolean {
  if (heads.size === 0) return true;
  for (const register of decoded.keys()) {
    const head = heads.get(register);
    if (!head) continue;
    const said = decoded.get(head.register);
    if (!said || !("number" in said)) decoded.set(register, { flag: "failed" });
    else if (said.number.digits !== head.digits) return false;
  }
  return true;
}

function headOf({ id, address, length }: ChainModel): ModelHead {
  const register: RegisterPoint = {
    ...{ name: `model.${id}`, kind: "holding", address, size: 2, type: "uint32" },
    ...{ wordOrder: "big", byteOrder: "big", invalid: [], scale: one, offset: zero },
    ...{ multiplyBy: [], optional: false, readAlone: false },
    source: `model ${id} (holding ${address})`,
  };
  return { register, digits: decimalOf(id * 65_536 + length).digits };
}
