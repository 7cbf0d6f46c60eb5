import {
  type Commands,
  isEnd,
  isHeard,
  type KeptAnswer,
  type KeptCommand,
  mostAnswers,
  stateAfter,
} from "./commands.ts";
import { memoryAudit } from "./memory-audit.ts";

type Shelf = {
  command: KeptCommand;
  readonly organisation: string;
  readonly answers: KeptAnswer[];
};

/** Keeps commands for the life of the process: for tests. Gateways and devices are taken for known. */
export function memoryCommands(most = mostAnswers, audit = memoryAudit()): Commands {
  const shelves = new Map<string, Shelf>();
  const find = (organisation: string, id: string) => shelves.get(`${organisation}/${id}`);

  return {
    async order(organisation, command, entry) {
      const known = find(organisation, command.id);
      if (known) return known.command;
      shelves.set(`${organisation}/${command.id}`, {
        organisation,
        command: { ...command, state: "sent" },
        answers: [],
      });
      audit.note(organisation, entry);
      return undefined;
    },

    async keepAnswer(organisation, gateway, answer) {
      const shelf = find(organisation, answer.result.id);
      if (shelf?.command.gateway !== gateway) return undefined;
      const text = JSON.stringify(answer.result);
      const isKnown = shelf.answers.some(({ result }) => JSON.stringify(result) === text);
      const { state } = shelf.command;
      const answers = shelf.answers.length;
      if (isKnown || !isHeard({ state, answers }, answer.result.state, most)) return undefined;
      shelf.answers.push(answer);
      const isEnding = !isEnd(state) && isEnd(answer.result.state);
      shelf.command = {
        ...shelf.command,
        state: stateAfter(state, answer.result.state),
        ...(isEnding && { outcome: answer.result }),
      };
      return shelf.command;
    },

    one: async (organisation, id) => find(organisation, id)?.command,
    answers: async (organisation, id) => [...(find(organisation, id)?.answers ?? [])],

    async list({ organisation, gateway, device, before, most }) {
      // In the order in which they were taken.
      const own = [...shelves.values()]
        .filter((shelf) => shelf.organisation === organisation)
        .map(({ command }) => command);
      const end = before === undefined ? own.length : own.findIndex(({ id }) => id === before);
      return own
        .slice(0, Math.max(0, end))
        .filter((one) => gateway === undefined || one.gateway === gateway)
        .filter((one) => device === undefined || one.device === device)
        .reverse()
        .slice(0, most);
    },
  };
}
