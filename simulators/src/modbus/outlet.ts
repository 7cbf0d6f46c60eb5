import type { Socket } from "node:net";
import type { Piece } from "../faults/wire-effect.ts";

/** Lets answers out of a connection one behind the other, each piece in its time. */
export type Outlet = {
  /** `leaves`: told before the last of them leaves, or that it never does. */
  send(pieces: readonly Piece[], leaves: Leaves): void;
  /** Keeps bytes back for so long and lets all that have come by then out in one piece. */
  gather(bytes: Buffer, forMs: number, leaves: Leaves): void;
  /** Whether all that was to leave has left. */
  isIdle(): boolean;
  /** Forgets what has not left. */
  close(): void;
};

type Leaves = (itDoes: boolean) => void;
type Waiting = Piece & { readonly leaves?: Leaves };

export function outlet(socket: Pick<Socket, "write" | "end" | "destroyed">): Outlet {
  const waiting: Waiting[] = [];
  const gathered: { readonly bytes: Buffer; readonly leaves: Leaves }[] = [];
  let pause: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;

  const letOut = ({ bytes, hangUp, leaves }: Waiting) => {
    waiting.shift();
    leaves?.(!socket.destroyed);
    if (hangUp) socket.end(bytes);
    else socket.write(bytes);
  };
  const letOutAll = () => {
    while (!pause) {
      const [piece] = waiting;
      if (!piece) return;
      if (piece.afterMs === 0) {
        letOut(piece);
        continue;
      }
      pause = setTimeout(() => {
        pause = undefined;
        letOut(piece);
        letOutAll();
      }, piece.afterMs);
    }
  };
  const send = (pieces: readonly Piece[], leaves: Leaves) => {
    const last = pieces.at(-1);
    waiting.push(...pieces.map((piece) => (piece === last ? { ...piece, leaves } : piece)));
    letOutAll();
  };

  return {
    send,

    gather(bytes, forMs, leaves) {
      gathered.push({ bytes, leaves });
      gathering ??= setTimeout(() => {
        gathering = undefined;
        const all = gathered.splice(0);
        send([{ bytes: Buffer.concat(all.map((one) => one.bytes)), afterMs: 0 }], (itDoes) => {
          for (const one of all) one.leaves(itDoes);
        });
      }, forMs);
    },

    isIdle: () => waiting.length === 0 && gathered.length === 0,

    close() {
      clearTimeout(pause);
      clearTimeout(gathering);
      for (const { leaves } of [...waiting.splice(0), ...gathered.splice(0)]) leaves?.(false);
    },
  };
}
