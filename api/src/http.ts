import { randomUUID } from "node:crypto";
import type { Clock, ListenerTls, Scope } from "@sunledger/runtime";
import type {
  Audit,
  Commands,
  Conditions,
  Configurations,
  Records,
  Rollouts,
} from "@sunledger/store";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { auditRoutes } from "./audit/audit.routes.ts";
import { answerBrokenRequest } from "./broken-request.ts";
import { commandRoutes } from "./commands/command.routes.ts";
import type { OrderDesk } from "./commands/order-desk.ts";
import { setPointRoutes } from "./commands/set-point.routes.ts";
import { conditionRoutes } from "./conditions/conditions.routes.ts";
import type { DeviceViews } from "./devices/device-views.ts";
import { deviceRoutes } from "./devices/devices.routes.ts";
import { eventRoutes } from "./devices/events.routes.ts";
import type { GatewayWord } from "./devices/gateway-word.ts";
import { historyRoutes } from "./devices/history.routes.ts";
import { answerUnroutable, answerWithProblems } from "./errors.ts";
import type { KeptFrames } from "./frames/kept-frames.ts";
import type { ConfigurationDesk } from "./gateways/configuration-desk.ts";
import { configurationRoutes } from "./gateways/configurations.routes.ts";
import { gatewayRoutes } from "./gateways/gateways.routes.ts";
import { healthRoutes, type Need } from "./health/health.routes.ts";
import { guardRoutes } from "./identity/guard.ts";
import type { Identity } from "./identity/identity.ts";
import { refuseOtherOrigins } from "./identity/same-origin.ts";
import { sessionRoutes } from "./identity/session.routes.ts";
import { importRoutes } from "./imports/imports.routes.ts";
import { curveRoutes } from "./plants/curve.routes.ts";
import type { PlantDays } from "./plants/plant-days.ts";
import { plantRoutes } from "./plants/plants.routes.ts";
import { refusalRoutes } from "./plants/refusals.routes.ts";
import type { ProfileLibrary } from "./profiles/profile-library.ts";
import { profileRoutes } from "./profiles/profiles.routes.ts";
import { replacementRoutes } from "./replacements/replacements.routes.ts";
import type { RolloutDesk } from "./rollouts/rollout-desk.ts";
import { rolloutRoutes } from "./rollouts/rollouts.routes.ts";
import { searchRoutes } from "./search/search.routes.ts";
import { serveDashboard } from "./site/dashboard.ts";
import { describeRoutes, serveDescription } from "./site/openapi.ts";
import { secure } from "./site/security.ts";
import { refuseUnstorable } from "./storable.ts";

export type HttpParts = {
  readonly log: Scope["log"];
  readonly clock: Clock;
  readonly identity: Identity;
  readonly records: Records;
  readonly commands: Commands;
  readonly configurations: Configurations;
  readonly profiles: ProfileLibrary;
  readonly desk: OrderDesk;
  readonly configurationDesk: ConfigurationDesk;
  readonly rollouts: Rollouts;
  readonly rolloutDesk: RolloutDesk;
  readonly audit: Audit;
  readonly conditions: Conditions;
  readonly frames: KeptFrames;
  readonly views: DeviceViews;
  readonly days: PlantDays;
  readonly word: GatewayWord;
  readonly needs: readonly Need[];
  readonly version: string;
  readonly onSignedOut: (session: string) => void;
  /** Whether people reach the site by https. */
  readonly secure: boolean;
  /** Certificate and key, where it speaks TLS itself. */
  readonly tls?: ListenerTls | undefined;
  /** Addresses and ranges of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly dashboard?: string | undefined;
};

/** The whole HTTP side, not listening yet. */
export async function httpApp(parts: HttpParts): Promise<FastifyInstance> {
  const { needs, version, dashboard } = parts;
  const log: FastifyBaseLogger = parts.log;
  const app: FastifyInstance = Fastify({
    https: parts.tls ? { ...parts.tls, minVersion: "TLSv1.2" } : null,
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // Our own id, never the client's: it names one failure in the log.
    genReqId: () => randomUUID(),
    trustProxy: parts.trustedProxies.length > 0 && [...parts.trustedProxies],
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerBrokenRequest,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser("text/plain");
  answerWithProblems(app);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  refuseOtherOrigins(app);
  refuseUnstorable(app);
  await secure(app, parts);
  await describeRoutes(app, version);

  await app.register(healthRoutes, { needs });
  await app.register(guardedRoutes, { ...parts, prefix: "/api/v1" });
  await serveDescription(app);
  if (dashboard !== undefined) await serveDashboard(app, dashboard);
  return app;
}

const guardedRoutes: FastifyPluginAsync<HttpParts> = async (app, parts) => {
  guardRoutes(app, parts.identity);
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  const options = { ...parts, prefix: "" };
  await app.register(sessionRoutes, options);
  await app.register(plantRoutes, options);
  await app.register(curveRoutes, options);
  await app.register(refusalRoutes, options);
  await app.register(deviceRoutes, options);
  await app.register(historyRoutes, options);
  await app.register(eventRoutes, options);
  await app.register(replacementRoutes, options);
  await app.register(searchRoutes, options);
  await app.register(profileRoutes, options);
  await app.register(commandRoutes, options);
  await app.register(setPointRoutes, options);
  await app.register(gatewayRoutes, options);
  await app.register(configurationRoutes, options);
  await app.register(importRoutes, options);
  await app.register(rolloutRoutes, options);
  await app.register(auditRoutes, options);
  await app.register(conditionRoutes, options);
};
