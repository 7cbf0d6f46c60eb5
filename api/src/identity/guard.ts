import type { Role } from "@sunledger/model";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";
import type { Identity, Who } from "./identity.ts";

declare module "fastify" {
  interface FastifyRequest {
    who: Who | undefined;
  }
  interface FastifyContextConfig {
    /** The least role that may use the route, or that anybody may. Each route of the API says it. */
    access?: Role | "anybody";
  }
}

const rank: Readonly<Record<Role, number>> = { viewer: 1, operator: 2, administrator: 3 };

/** Lets a request reach its route only when the asker's role suffices; a route that is silent about it does not start. */
export function guardRoutes(app: FastifyInstance, identity: Identity): void {
  app.decorateRequest("who", undefined);

  app.addHook("onRoute", ({ url, config }) => {
    if (!config?.access) throw new Error(`route ${url} does not say who may use it`);
  });

  app.addHook("onRequest", async (request, reply) => {
    const { access = "administrator" } = request.routeOptions.config;
    if (access === "anybody") return;
    const found = await identity.session(headersOf(request));
    if (!found) throw new ApiError("identity.notSignedIn");
    request.who = { ...found.who, address: request.ip };
    if (found.cookies.length > 0) reply.header("set-cookie", [...found.cookies]);
    if (rank[found.who.role] < rank[access]) {
      throw new ApiError("identity.notAllowed", `This needs the role ${access}.`);
    }
  });
}

/** The signed-in asker of a guarded route. */
export function askerOf(request: FastifyRequest): Who {
  if (!request.who) throw new ApiError("identity.notSignedIn");
  return request.who;
}

/** The request's headers as the web has them. */
export function headersOf({ headers }: Pick<FastifyRequest, "headers">): Headers {
  const web = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value)) for (const one of value) web.append(name, one);
    else if (value !== undefined && !name.startsWith(":")) web.set(name, value);
  }
  return web;
}
