import { LayoutHash, parseGatewayTopic, topics } from "@sunledger/model";

/** Who may use which topic. Users are known here: a gateway by its id, a program by `_name`. */
export type Policy = {
  mayPublish(user: string, topic: string): boolean;
  maySubscribe(user: string, filter: string): boolean;
};

/** The programs of the house that sign in with the service secret. */
export const housePrograms: readonly string[] = ["_ingest", "_api", "_driver", "_simulators"];

type Rules = { readonly publish: readonly Filter[]; readonly subscribe: readonly Filter[] };
type Filter = readonly string[];

/** Topics that are not the house's: one publishes there who is no gateway of ours, and ingest hears it. */
export type InputTopics = { readonly gateway: string; readonly filter: string };

export type PolicyParts = {
  readonly drivenClock: boolean;
  readonly inputs?: readonly InputTopics[];
};

/** The house's policy; the clock's topics are open only to a driven house. */
export function policy({ drivenClock, inputs = [] }: PolicyParts): Policy {
  const known = new Map<string, Rules>();
  const rulesOf = (user: string): Rules => {
    const before = known.get(user);
    if (before) return before;
    const rules = rulesFor(user, drivenClock, inputs);
    known.set(user, rules);
    return rules;
  };

  return {
    mayPublish: (user, topic) => {
      if (/[+#]/.test(topic)) return false;
      const { what, rest } = parseGatewayTopic(topic) ?? {};
      if (what === "layouts" && !LayoutHash.safeParse(rest).success) return false;
      const asked = topic.split("/");
      return rulesOf(user).publish.some((rule) => covers(rule, asked));
    },
    maySubscribe: (user, filter) => {
      const asked = filter.split("/");
      return rulesOf(user).subscribe.some((rule) => covers(rule, asked));
    },
  };
}

function rulesFor(user: string, drivenClock: boolean, inputs: readonly InputTopics[]): Rules {
  const own = user.startsWith("_") ? houseRules(user) : gatewayRules(user);
  const heard = user === "_ingest" ? inputs : [];
  const said = inputs.filter(({ gateway }) => gateway === user);
  const publish = [...own.publish, ...said.map(({ filter }) => filter)];
  const subscribe = [...own.subscribe, ...heard.map(({ filter }) => filter)];
  if (!drivenClock || !isUser(user)) return filters(publish, subscribe);
  return user === "_driver"
    ? filters([topics.clock], [topics.every.clockAnswers])
    : filters([...publish, topics.clockAnswer(user)], [...subscribe, topics.clock]);
}

function gatewayRules(user: string) {
  if (!isUser(user)) return none;
  return {
    publish: [
      topics.frames(user),
      topics.layout(user, "+"),
      topics.device(user, "+"),
      topics.status(user),
      topics.result(user),
    ],
    subscribe: [topics.ack(user), topics.command(user), topics.config(user)],
  };
}

function houseRules(user: string) {
  const { every } = topics;
  if (user === "_ingest") {
    return {
      publish: [topics.ack("+"), topics.live("+", "+")],
      subscribe: [every.frames, every.layouts, every.devices, every.status, every.result],
    };
  }
  if (user === "_api") {
    return {
      publish: [topics.command("+"), topics.config("+")],
      subscribe: [every.live, every.status, every.devices, every.result],
    };
  }
  return none;
}

const none = { publish: [], subscribe: [] } as const;

/** Whether a name can stand in a topic at all: a gateway's id or a program's. */
function isUser(user: string): boolean {
  return housePrograms.includes(user) || isPlainLevel(user);
}

function filters(publish: readonly string[], subscribe: readonly string[]): Rules {
  const split = (filter: string): Filter => filter.split("/");
  return { publish: publish.map(split), subscribe: subscribe.map(split) };
}

/**
 * Whether all that `asked` can match is allowed by `rule`. A `+` of a rule stands for one level
 * that is a plain name, or for a `+` that is asked for: never for `#`, and never for the house's
 * own levels, which begin with `_`.
 */
function covers(rule: Filter, asked: Filter): boolean {
  for (const [i, level] of rule.entries()) {
    if (level === "#") return asked.length > i && asked.slice(i).every(isWellPlaced);
    const other = asked[i];
    if (other === undefined) return false;
    if (level === "+" ? other !== "+" && !isPlainLevel(other) : other !== level) return false;
  }
  return asked.length === rule.length;
}

function isWellPlaced(level: string, i: number, levels: readonly string[]): boolean {
  if (level === "#") return i === levels.length - 1;
  return level === "+" || isPlainLevel(level);
}

function isPlainLevel(level: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(level);
}
