/** What a key asks for: everything to jump to, the plants among it, or the sheet of shortcuts. */
export type Wish = "palette" | "plants" | "sheet";

export type Pressed = {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  /** It goes into a field. */
  readonly typing: boolean;
};

/** The second key of a pair comes within so long. */
const pairMs = 1_000;

/** Reads keys one after the other, at Unix milliseconds; none says anything while somebody types. */
export function keyReader(): (pressed: Pressed, at: number) => Wish | undefined {
  let begunAt = Number.NEGATIVE_INFINITY;

  return (pressed, at) => {
    const second = at - begunAt <= pairMs;
    const plain = !(pressed.typing || pressed.alt || pressed.ctrl || pressed.meta);
    begunAt = plain && pressed.key === "g" ? at : Number.NEGATIVE_INFINITY;
    if (plain) return second && pressed.key === "p" ? "plants" : asked(pressed);
    return isPalette(pressed) ? "palette" : undefined;
  };
}

/** The second is what a Chinese layout types on the same key. */
function asked({ key }: Pressed): Wish | undefined {
  return key === "?" || key === "？" ? "sheet" : undefined;
}

function isPalette({ key, ctrl, meta, alt, typing }: Pressed): boolean {
  return (ctrl || meta) && !alt && !typing && key.toLowerCase() === "k";
}
