const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refuses connections",
  ECONNRESET: "the connection broke",
  EPIPE: "the connection broke",
  ENOTFOUND: "its host is not known",
  EAI_AGAIN: "its host is not known",
  ETIMEDOUT: "it does not answer",
  EHOSTUNREACH: "its host cannot be reached",
  SERIES_AWAY: "its store of time series does not answer",
  "53100": "its disk is full",
  "53300": "it has no connection left",
  "57014": "it took too long to answer",
  "57P01": "it is being stopped",
  "57P02": "it has crashed",
  "57P03": "it is starting",
};

/** In words why the database is away, when that is what the error says; never its address. */
export function whyAway(error: unknown): string | undefined {
  for (const { code, message } of causesOf(error)) {
    const reason = reasons[code] ?? (code.startsWith("08") ? "the connection broke" : undefined);
    if (reason) return `The database cannot be asked: ${reason}.`;
    if (/connection terminated|timeout exceeded when trying to connect/i.test(message)) {
      return "The database cannot be asked: the connection broke.";
    }
  }
  return undefined;
}

function* causesOf(error: unknown): Generator<{ code: string; message: string }> {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    yield { code: "code" in at && typeof at.code === "string" ? at.code : "", message: at.message };
    if (at instanceof AggregateError) for (const one of at.errors) yield* causesOf(one);
  }
}
