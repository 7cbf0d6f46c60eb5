import type { DeviceKind } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import * as z from "zod";
import { useParts } from "../app/parts.ts";
import { sessionQuery } from "../app/session.ts";

const Pins = z.array(z.string().max(80)).max(200);

/** The points that a user keeps on top, the same for all devices of a kind, in this browser. */
export function usePinnedPoints(kind: DeviceKind) {
  const { http } = useParts();
  const { data: session } = useQuery(sessionQuery(http));
  const key = `sunledger.pins.${session?.user.id ?? ""}.${kind}`;
  const [chosen, choose] = useState<{ key: string; pins: readonly string[] }>();
  const pins = chosen?.key === key ? chosen.pins : rememberedPins(localStorage, key);
  const togglePin = (point: string) => {
    const next = pins.includes(point) ? pins.filter((each) => each !== point) : [...pins, point];
    localStorage.setItem(key, JSON.stringify(next));
    choose({ key, pins: next });
  };
  return { pins: new Set(pins), togglePin };
}

/** What is kept under a key; nothing where it cannot be read. */
export function rememberedPins(storage: Pick<Storage, "getItem">, key: string): readonly string[] {
  try {
    return Pins.parse(JSON.parse(storage.getItem(key) ?? "[]"));
  } catch {
    return [];
  }
}
