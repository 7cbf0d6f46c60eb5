/** A box of the diagram, in CSS pixels. */
export type Frame = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export type OneLineLayout = {
  readonly width: number;
  readonly height: number;
  /** Where the busbar stands, from top to bottom. */
  readonly busX: number;
  source(index: number): Frame;
  readonly grid: Frame;
  readonly load: Frame;
};

/** Room for two lines of text, and what is added to it while there is enough. */
const leastBox = 36;
const fullBox = 42;
/** More room than this is left around the diagram: it gets no larger and no thinner. */
const most = { width: 620, step: 88 };
/** Until the frame has been measured. */
const usual = { width: 360, height: 230 };

/**
 * Lays the diagram out in the pixels of its frame, for its text keeps its size: sources above each
 * other on the left of the bus, the grid and the load on the right of it.
 */
export function oneLineLayout(
  frame: { readonly width: number; readonly height: number },
  sources: number,
): OneLineLayout {
  const width = Math.min(most.width, frame.width || usual.width);
  const count = Math.max(2, sources);
  const room = frame.height || usual.height;
  // Three on the right: what the bus carries, the grid and the load.
  const step = Math.max(leastBox + 4, Math.min(most.step, (room - 8) / Math.max(3, count)));
  const height = step * Math.max(3, count) + 8;
  const box = { width: Math.min(160, width * 0.36), height: Math.min(fullBox, step - 4) };
  const busX = Math.round(width * 0.46);
  const centred = (middle: number) => middle - box.height / 2;
  const right = width - box.width - 1;
  const first = height / 2 - (step * Math.max(1, sources)) / 2;
  return {
    width,
    height,
    busX,
    source: (index) => ({ x: 1, y: centred(first + step * (index + 0.5)), ...box }),
    grid: { x: right, y: centred(Math.max(height * 0.46, 42 + box.height / 2)), ...box },
    load: { x: right, y: height - box.height - 4, ...box },
  };
}
