/** One line of the sheet: the keys, and the text of what they do. */
export type Shortcut = { readonly keys: readonly string[]; readonly does: string };

export type ShortcutGroup = { readonly title: string; readonly shortcuts: readonly Shortcut[] };

const everywhere: ShortcutGroup = {
  title: "everywhere",
  shortcuts: [
    { keys: ["Ctrl", "K"], does: "palette" },
    { keys: ["g", "p"], does: "plants" },
    { keys: ["?"], does: "sheet" },
    { keys: ["Esc"], does: "close" },
  ],
};

const curve: ShortcutGroup = {
  title: "curve",
  shortcuts: [
    { keys: ["←", "→"], does: "cursor" },
    { keys: ["PgUp", "PgDn"], does: "cursorFar" },
    { keys: ["Home", "End"], does: "cursorEnd" },
    { keys: ["0"], does: "whole" },
    { keys: ["t"], does: "table" },
  ],
};

const grid: ShortcutGroup = {
  title: "grid",
  shortcuts: [
    { keys: ["←", "→", "↑", "↓"], does: "cells" },
    { keys: ["Enter"], does: "open" },
  ],
};

const table: ShortcutGroup = {
  title: "rows",
  shortcuts: [
    { keys: ["↑", "↓"], does: "lines" },
    { keys: ["Enter"], does: "open" },
  ],
};

/** The shortcuts of the screen at a path, those of every screen first. */
export function shortcutsOf(pathname: string): ShortcutGroup[] {
  if (pathname.startsWith("/plants/")) return [everywhere, curve, grid, table];
  if (pathname.startsWith("/devices/")) return [everywhere, curve];
  return pathname === "/overview" ? [everywhere, table] : [everywhere];
}
