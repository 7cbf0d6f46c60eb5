import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useParts } from "../parts.ts";
import type { Scope } from "../shell/scope.ts";
import { keyReader, type Wish } from "./keys.ts";

const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));
const Sheet = lazy(async () => ({ default: (await import("./sheet.tsx")).Sheet }));

type ShortcutsProps = {
  readonly scope: Scope;
  readonly wish: Wish | undefined;
  readonly onWish: (wish: Wish | undefined) => void;
};

/** The keys that hold on every screen, and what they open: loaded when it is first asked for. */
export function Shortcuts({ scope, wish, onWish }: ShortcutsProps) {
  const { clock } = useParts();
  const [asked, setAsked] = useState<ReadonlySet<Wish>>(new Set());
  const read = useRef(keyReader());

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { key, ctrlKey: ctrl, metaKey: meta, altKey: alt, isComposing } = event;
      const typing = isComposing || isField(event.target);
      const next = read.current({ key, ctrl, meta, alt, typing }, clock.now());
      if (!next) return;
      event.preventDefault();
      onWish(next);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [clock, onWish]);

  useEffect(() => {
    if (wish) setAsked((before) => new Set([...before, wish]));
  }, [wish]);

  const close = () => onWish(undefined);
  return (
    <Suspense>
      {(asked.has("palette") || asked.has("plants")) && (
        <Palette
          plants={scope.plants}
          here={scope.plant?.id}
          opened={wish === "palette" || wish === "plants"}
          withDevices={wish !== "plants"}
          onClose={close}
        />
      )}
      {asked.has("sheet") && <Sheet opened={wish === "sheet"} onClose={close} />}
    </Suspense>
  );
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
