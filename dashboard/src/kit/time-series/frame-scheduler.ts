/** Something that is drawn outside React. */
export type Drawn = { draw(): void; readonly visible: () => boolean };

export type FrameScheduler = {
  /** Draws it in one of the next frames, if it is seen then. */
  mark(drawn: Drawn): void;
  forget(drawn: Drawn): void;
};

/** More charts in one frame would make it late. */
const chartsAFrame = 3;

/** Draws what is marked, a few a frame, one frame for all charts of the page. */
export function frameScheduler(requestFrame: (call: () => void) => unknown): FrameScheduler {
  const marked = new Set<Drawn>();
  let asked = false;

  const ask = () => {
    if (asked) return;
    asked = true;
    requestFrame(frame);
  };
  const frame = () => {
    asked = false;
    let drawn = 0;
    for (const each of marked) {
      if (drawn === chartsAFrame) break;
      marked.delete(each);
      if (!each.visible()) continue;
      each.draw();
      drawn += 1;
    }
    if (marked.size > 0) ask();
  };

  return {
    mark(drawn) {
      marked.add(drawn);
      ask();
    },
    forget: (drawn) => void marked.delete(drawn),
  };
}

/** The page's own; a hidden tab gets no frames and draws nothing. */
export const pageFrames = frameScheduler((call) => requestAnimationFrame(call));
