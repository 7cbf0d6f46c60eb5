import {
  type Commands,
  isEnd,
  type KeptAnswer,
  type KeptCommand,
  mostAnswers,
  stateAfter,
} from "./commands.ts";

type Shelf = {
  command: KeptCommand;
  readonly organisation: string;
  readonly answers: KeptAnswer[];
};

/** Keeps commands for the life of the process: for tests. Gateways and devices are taken for known. */
export function memoryCommands(): Commands {
  const shelves = new Map<string, Shelf>();
  const find = (organisation: string, id: string) => {
    const shelf = shelves.get(id);
    return shelf?.organisation === organisation ? shelf : undefined;
  };

  return {
    async order(organisation, command) {
      if (shelves.has(command.id)) return;
      shelves.set(command.id, {
        organisation,
        command: { ...command, state: "sent" },
        answers: [],
      });
    },

    async keepAnswer(organisation, gateway, answer) {
      const shelf = find(organisation, answer.result.id);
      if (shelf?.command.gateway !== gateway) return undefined;
      const text = JSON.stringify(answer.result);
      const isKnown = shelf.answers.some(({ result }) => JSON.stringify(result) === text);
      if (isKnown || shelf.answers.length >= mostAnswers) return undefined;
      shelf.answers.push(answer);
      const { state } = shelf.command;
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
