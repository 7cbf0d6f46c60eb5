import type { Socket } from "node:net";
import type { Piece } from "../faults/wire-effect.ts";

/** Lets answers out of a connection one behind the other, each piece in its time. */
export type Outlet = {
  send(pieces: readonly Piece[]): void;
  /** Keeps bytes back for so long and lets all that have come by then out in one piece. */
  gather(bytes: Buffer, forMs: number): void;
  /** Whether all that was to leave has left. */
  isIdle(): boolean;
  /** Forgets what has not left. */
  close(): void;
};

export function outlet(socket: Pick<Socket, "write" | "end">): Outlet {
  const waiting: Piece[] = [];
  const gathered: Buffer[] = [];
  let pause: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;

  const letOut = ({ bytes, hangUp }: Piece) => {
    waiting.shift();
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
  const send = (pieces: readonly Piece[]) => {
    waiting.push(...pieces);
    letOutAll();
  };

  return {
    send,

    gather(bytes, forMs) {
      gathered.push(bytes);
      gathering ??= setTimeout(() => {
        gathering = undefined;
        send([{ bytes: Buffer.concat(gathered.splice(0)), afterMs: 0 }]);
      }, forMs);
    },

    isIdle: () => waiting.length === 0 && gathered.length === 0,

    close() {
      clearTimeout(pause);
      clearTimeout(gathering);
      waiting.length = 0;
      gathered.length = 0;
    },
  };
}
