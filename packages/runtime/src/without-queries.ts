/** As an ORM throws it: with the statement and its parameters, which its message quotes as well. */
type FailedQuery = Error & { readonly query: string; readonly params: unknown };

/**
 * The error as a log may have it. Parameters of a query may be secret – a session's token, a password's
 * hash – so a failed query is told by its cause alone, however deep it lies in wrappers; of those the
 * name, message, stack and code stay. An error without one is itself.
 */
export function withoutQueries(error: unknown): unknown {
  const failed = [...errorsWithin(error)].filter(isFailedQuery);
  return failed.length === 0 ? error : cleaned(error, failed);
}

function cleaned(error: unknown, failed: readonly FailedQuery[]): unknown {
  if (!isErrorLike(error)) return undefined;
  if (isFailedQuery(error)) return cleaned(error.cause, failed) ?? new Error("a query failed");
  const tidy = (text = "") =>
    failed.reduce((rest, { message }) => rest.replaceAll(message, "a query failed"), text);
  const cause = cleaned(error.cause, failed);
  return Object.assign(Object.create(Object.getPrototypeOf(error)), {
    ...{ name: error.name, message: tidy(error.message), stack: tidy(error.stack) },
    ...("code" in error && { code: error.code }),
    ...(cause !== undefined && { cause }),
    ...("errors" in error &&
      Array.isArray(error.errors) && { errors: error.errors.map((one) => cleaned(one, failed)) }),
  });
}

/** It, its causes and whatever else hangs on them that a log would take for errors. */
function* errorsWithin(value: unknown, seen = new Set<unknown>()): Generator<Error> {
  if (!isErrorLike(value) || seen.has(value)) return;
  seen.add(value);
  yield value;
  for (const name of Object.getOwnPropertyNames(value)) {
    const part: unknown = Reflect.get(value, name);
    for (const one of Array.isArray(part) ? part : [part]) yield* errorsWithin(one, seen);
  }
}

function isErrorLike(value: unknown): value is Error {
  return (
    typeof value === "object" &&
    value !== null &&
    "message" in value &&
    typeof value.message === "string"
  );
}

/** Told by its shape: the class gives its errors no name of their own. */
function isFailedQuery(error: Error): error is FailedQuery {
  return "query" in error && typeof error.query === "string" && "params" in error;
}
