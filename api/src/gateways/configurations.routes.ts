import {
  ConfigurationChanges,
  ConfigurationDetail,
  type ConfigurationVersion,
  ConfigurationVersions,
  mostConfigurations,
  NewConfigurationVersion,
  SiteConfiguration,
} from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Commands, Configurations, DeviceToCome, KeptConfiguration } from "@sunledger/store";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";
import { answers } from "../answers.ts";
import { auditEntry } from "../audit/audit-entry.ts";
import type { OrderDesk } from "../commands/order-desk.ts";
import { orderLimit } from "../commands/order-limit.ts";
import { ApiError } from "../errors.ts";
import { askerOf } from "../identity/guard.ts";
import type { ConfigurationDesk } from "./configuration-desk.ts";
import { documentChanges } from "./document-changes.ts";
import { GatewayParams } from "./gateways.routes.ts";
import { faultsOfDocument } from "./judge-document.ts";
import { unfoundedExchanges } from "./unfounded-exchanges.ts";
import { withExchanges } from "./with-exchanges.ts";

const Version = z.coerce.number().int().positive().max(mostConfigurations);
const VersionParams = GatewayParams.extend({ version: Version });
const Page = z.object({
  before: Version.optional(),
  most: z.coerce.number().int().min(1).max(100).default(30),
});
const Since = z.object({
  /** Compared with this version; 0 is the gateway's own file, of which nothing is known. */
  since: z.coerce.number().int().nonnegative().max(mostConfigurations),
});

/** As many devices as a gateway polls, each to be registered; its message is bounded further on. */
const mostBytes = 1_024 * 1_024;

export type ConfigurationRoutesOptions = {
  readonly configurations: Configurations;
  readonly configurationDesk: ConfigurationDesk;
  readonly commands: Pick<Commands, "one">;
  readonly desk: OrderDesk;
  readonly clock: Clock;
};

/** So many versions back an exchange is looked for that a document tells of. */
const mostVersionsBack = 100;

/** What gateways shall poll: versions that are kept for good. */
export const configurationRoutes: FastifyPluginAsyncZod<ConfigurationRoutesOptions> = async (
  app,
  options,
) => {
  const { configurations, configurationDesk, commands, desk, clock } = options;
  const tags = ["gateways"];

  const versionOf = async (organisation: string, gateway: string, version: number) => {
    const found = await configurations.one(organisation, gateway, version);
    if (found) return found;
    throw new ApiError("gateways.unknownVersion", `${gateway} has no version ${version}.`);
  };

  /** Throws where a document tells of an exchange that nobody has told of. */
  const requireFounded = async (
    document: KeptConfiguration["document"] | undefined,
    exchanges: Parameters<typeof unfoundedExchanges>[1],
    asked: { readonly organisation: string; readonly gateway: string },
  ) => {
    if (!document || unfoundedExchanges(document, exchanges, []).length === 0) return;
    // The newest has nearly all of them; another one may run still.
    for (const most of [1, mostVersionsBack]) {
      const versions = await configurations.list({ ...asked, most });
      const faults = unfoundedExchanges(document, exchanges, versions);
      if (faults.length === 0) return;
      if (most === mostVersionsBack) throw refusal(faults);
    }
  };

  app.get(
    "/gateways/:gateway/configurations",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "The versions of a gateway's configuration, newest first" },
        params: GatewayParams,
        querystring: Page,
        response: answers(ConfigurationVersions),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { id: gateway } = await desk.gatewayOf(organisation, request.params.gateway);
      const { most, before } = request.query;
      const older = before === undefined ? {} : { before };
      const query = { organisation, gateway, ...older, most: most + 1 };
      const kept = await configurations.list(query);
      return { versions: kept.slice(0, most).map(versionView), more: kept.length > most };
    },
  );

  app.get(
    "/gateways/:gateway/configurations/:version",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "A version with its document" },
        params: VersionParams,
        response: answers(ConfigurationDetail),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { id } = await desk.gatewayOf(organisation, request.params.gateway);
      return detailView(await versionOf(organisation, id, request.params.version));
    },
  );

  app.get(
    "/gateways/:gateway/configurations/:version/changes",
    {
      config: { access: "viewer" },
      schema: {
        ...{ tags, summary: "What a version changes against another" },
        params: VersionParams,
        querystring: Since,
        response: answers(ConfigurationChanges),
      },
    },
    async (request) => {
      const organisation = askerOf(request).organisation.id;
      const { id } = await desk.gatewayOf(organisation, request.params.gateway);
      const { since } = request.query;
      const after = await versionOf(organisation, id, request.params.version);
      const before = since === 0 ? null : (await versionOf(organisation, id, since)).document;
      return { changes: documentChanges(before, after.document) };
    },
  );

  app.put(
    "/gateways/:gateway/configurations/:version",
    {
      bodyLimit: mostBytes,
      config: { access: "administrator", rateLimit: orderLimit },
      schema: {
        ...{ tags, summary: "Make the next version and send it to the gateway" },
        params: VersionParams,
        body: NewConfigurationVersion,
        response: answers(ConfigurationDetail, 201),
      },
    },
    async (request, reply) => {
      const who = askerOf(request);
      const organisation = who.organisation.id;
      const gateway = await desk.gatewayOf(organisation, request.params.gateway);
      const { note, sameAs, register, exchanges } = request.body;
      const by = { id: who.user.id, name: who.user.name };
      const wanted =
        sameAs === undefined
          ? request.body.document
          : (await versionOf(organisation, gateway.id, sameAs)).document;
      if (wanted === undefined) {
        throw refusal([{ path: "body", message: "has neither a document nor sameAs" }]);
      }
      const faults = wanted === null ? [] : faultsOfDocument(wanted);
      if (faults.length > 0) throw refusal(faults);
      const { id, plant } = gateway;
      await requireFounded(request.body.document, exchanges, { organisation, gateway: id });
      const around = { commands, organisation, gateway: id, by };
      const document = wanted && (await withExchanges(wanted, exchanges, around));
      const coming = register.map((one) => ({ ...one, plant, gateway: id }));
      requireDevices(document, coming);
      const fresh = {
        ...{ gateway: gateway.id, version: request.params.version, document, note },
        ...{ at: clock.now(), by },
      };
      const { version } = fresh;
      const entry = auditEntry(who, fresh.at, {
        ...{ action: "makeVersion", subject: { kind: "gateway", id } },
        before: version > 1 ? { version: version - 1 } : null,
        after: {
          ...{ version, note },
          ...(sameAs !== undefined && { sameAs }),
          ...(register.length > 0 && { registered: register.map(({ tag }) => tag) }),
          ...(exchanges.length > 0 && { exchanges }),
        },
      });
      await configurationDesk.push(organisation, fresh, { devices: coming, entry });
      reply.code(201);
      return detailView({ ...fresh, state: "sent" });
    },
  );
};

function refusal(errors: { path: string; message: string }[]): ApiError {
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return new ApiError("gateways.badConfiguration", detail, { errors });
}

/** A device that nothing polls would be registered in vain. */
function requireDevices(
  document: KeptConfiguration["document"],
  coming: readonly DeviceToCome[],
): void {
  if (coming.length === 0) return;
  const { devices } = SiteConfiguration.parse(document ?? { devices: [] });
  const polled = new Set(devices.map(({ tag }) => tag));
  const seen = new Set<string>();
  const faults = coming.flatMap(({ tag }, i) => {
    const path = `register[${i}].tag`;
    if (!polled.has(tag)) return [{ path, message: `the document polls no device ${tag}` }];
    if (seen.has(tag)) return [{ path, message: `${tag} is named twice` }];
    seen.add(tag);
    return [];
  });
  if (faults.length > 0) throw refusal(faults);
}

function versionView(kept: KeptConfiguration): ConfigurationVersion {
  const { gateway: _, document: _unsaid, reasons, ...version } = kept;
  return { ...version, ...(reasons && { reasons: [...reasons] }) };
}

function detailView(kept: KeptConfiguration): ConfigurationDetail {
  const { document } = kept;
  return { ...versionView(kept), document: document === null ? null : { ...document } };
}
