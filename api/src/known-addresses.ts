import type { FastifyInstance } from "fastify";

export type KnownAddresses = {
  /** The methods that the routes at this path take, in order; none where there is no route. */
  methodsAt(path: string): readonly string[];
};

/** Notes every route that is registered after it. */
export function knownAddresses(app: FastifyInstance): KnownAddresses {
  const routes: { readonly parts: readonly string[]; readonly methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    // The route of all pages is at every address, and says nothing of any.
    if (url !== "/*") routes.push({ parts: url.split("/"), methods: [method].flat() });
  });

  return {
    methodsAt(path) {
      const asked = path.split("/");
      const there = routes.filter(({ parts }) => fits(parts, asked));
      return [...new Set(there.flatMap(({ methods }) => methods))].sort();
    },
  };
}

function fits(parts: readonly string[], asked: readonly string[]): boolean {
  if (parts.at(-1) === "*") {
    const before = parts.slice(0, -1);
    return asked.length > before.length && fits(before, asked.slice(0, before.length));
  }
  const fitsPart = (part: string, i: number) =>
    part.startsWith(":") ? asked[i] !== "" : part === asked[i];
  return parts.length === asked.length && parts.every(fitsPart);
}
