import {
  ConfigurationMessage,
  type ConfigurationState,
  type GatewayStatus,
} from "@sunledger/model";
import { type Clock, ConfigError, type Scope } from "@sunledger/runtime";
import * as z from "zod";
import type { GatewayConfig } from "../config.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { namesOfLater } from "../site-file/wanted-devices.ts";
import { judgeDocument, pushableKeys, pushablePart } from "./judge-document.ts";
import { type PushedConfiguration, readPushed, type Version, writePushed } from "./pushed-file.ts";
import { type Saying, takenUp } from "./taken-up.ts";

/** What a gateway lives by. */
export type Site = { readonly config: GatewayConfig; readonly profiles: Profiles };

/**
 * Which configuration counts. A pushed version stands above the place, poll and devices of the gateway's
 * own file until a newer one comes or the word is given back; what else the file says always counts.
 */
export interface ConfigurationKeeper {
  /** The gateway's own file: what permits, whatever was pushed. */
  own(): GatewayConfig;
  /** What runs. */
  site(): Site;
  /**
   * The file has changed. Rejects with a `ConfigError`, and the old one stays, when it is another
   * gateway's, or the pushed version that runs does not go with it.
   */
  fileChanged(site: Site): Promise<void>;
  /** A message of the configuration's topic. */
  hear(message: unknown): void;
  /** The broker has taken a status. */
  told(status: GatewayStatus): void;
  state(): ConfigurationState;
  /** From now on changes are applied. */
  start(apply: (site: Site) => Promise<void>): void;
  /** Resolves when nothing is being applied. */
  settled(): Promise<void>;
}

export type ConfigurationParts = {
  /** Where pushed versions are kept. */
  readonly folder: string;
  readonly file: Site;
  readonly clock: Clock;
  readonly log: Scope["log"];
  /** What the status says of it has changed. */
  readonly onChange: () => void;
  /** Within this the broker has to be reached with a new version. */
  readonly trialMs?: number;
  /** A status counts that was told so long after the version was applied. */
  readonly provenAfterMs?: number;
};

const Numbered = z.object({ version: z.int().positive() });

/** Takes up the version that ran last. */
export function configurationKeeper(
  {
    folder,
    clock,
    log,
    onChange,
    trialMs = 300_000,
    provenAfterMs = 15_000,
    ...parts
  }: ConfigurationParts,
  signal: AbortSignal,
): ConfigurationKeeper {
  let file = parts.file;
  let kept = readPushed(folder, (err) =>
    log.error({ err, folder }, "what was kept of pushed configurations is damaged"),
  );
  let running: GatewayConfig = file.config;
  let apply: ((site: Site) => Promise<void>) | undefined;
  let applying: Promise<void> = Promise.resolve();
  let trial: { readonly cancel: AbortController; readonly appliedAt: number } | undefined;

  const keep = (next: PushedConfiguration) => {
    kept = next;
    writePushed(folder, next);
  };
  const saying: Saying = (version, state, reasons) => ({
    ...{ version, state, at: clock.now() },
    ...(reasons && { reasons: [...reasons] }),
  });

  /** The configuration that a version makes of the file, or the file's own. */
  const configOf = (version: Version | undefined): GatewayConfig | readonly string[] => {
    if (!version) return file.config;
    const judged = judgeDocument(version.document, file.config, file.profiles);
    return "config" in judged ? judged.config : judged.reasons;
  };

  const applyConfig = async (config: GatewayConfig) => {
    await apply?.({ config, profiles: file.profiles });
    running = config;
  };

  const rollBack = async (reason: string) => {
    const { running: failed, trial: tried } = kept;
    if (!failed || !tried) return;
    stopTrial();
    const { before } = tried;
    const config = configOf(before);
    const isUsable = !Array.isArray(config);
    const pushed = saying(failed.version, "rolledBack", [reason]);
    keep({ v: 1, ...(before && isUsable && { running: before }), pushed });
    await applyConfig(isUsable ? (config as GatewayConfig) : file.config);
    log.error({ version: failed.version, reason }, "pushed configuration rolled back");
    onChange();
  };

  const stopTrial = () => {
    trial?.cancel.abort();
    trial = undefined;
  };

  const beginTrial = () => {
    stopTrial();
    const cancel = new AbortController();
    const started = { cancel, appliedAt: clock.now() };
    trial = started;
    const until = AbortSignal.any([signal, cancel.signal]);
    const wait = async () => {
      await clock.wait(provenAfterMs, until);
      // The status is due by itself, but not at once.
      if (!until.aborted) onChange();
      await clock.wait(Math.max(0, trialMs - provenAfterMs), until);
      if (until.aborted) return;
      const minutes = Math.round(trialMs / 6_000) / 10;
      const reason = `the broker was not reached with it within ${minutes} minutes`;
      await inTurn(() => rollBack(reason));
    };
    wait().catch(() => undefined);
  };

  /** One change after the other: none begins before the last one is through. */
  const inTurn = (change: () => Promise<void>): Promise<void> => {
    const done = applying.then(change);
    applying = done.catch((err: unknown) => log.error({ err }, "configuration not wholly applied"));
    return done;
  };

  const take = async ({ version, document, ...message }: ConfigurationMessage) => {
    const newest = kept.pushed?.version ?? 0;
    if (version <= newest) {
      if (version < newest) log.warn({ version, newest }, "an older configuration was pushed");
      return;
    }
    if (document === null) {
      stopTrial();
      await applyConfig(file.config);
      keep({ v: 1, pushed: saying(version, "applied") });
      log.info({ version }, "the file's configuration counts again");
      return onChange();
    }
    const judged = judgeDocument(document, file.config, file.profiles);
    if ("reasons" in judged) return refuse(version, judged.reasons);

    const said = pushablePart(judged.config) as Version["document"];
    const next: Version = { ...message, version, document: said, file: digestsOf(file.config) };
    const before = kept.trial ? kept.trial.before : kept.running;
    const last = kept;
    keep({
      ...{ v: 1, running: next, trial: { ...(before && { before }), starts: 0 } },
      pushed: saying(version, "trial"),
    });
    const old = running;
    try {
      await applyConfig(judged.config);
    } catch (error) {
      keep(last);
      await applyConfig(old);
      return refuse(version, [`it cannot be applied: ${(error as Error).message}`]);
    }
    log.info({ version, by: message.by.name }, "pushed configuration applied");
    beginTrial();
    onChange();
  };

  const refuse = (version: number, reasons: readonly string[]) => {
    keep({ ...kept, pushed: saying(version, "refused", reasons) });
    log.error({ version, reasons }, "pushed configuration refused");
    onChange();
  };

  const takeUp = () => {
    const { next, config, reasons } = takenUp(kept, configOf, saying);
    if (reasons)
      log.error({ version: kept.running?.version, reasons }, "pushed configuration left");
    if (next !== kept) keep(next);
    running = config ?? file.config;
  };

  takeUp();

  return {
    own: () => file.config,
    site: () => ({ config: running, profiles: file.profiles }),

    fileChanged: (next) =>
      inTurn(async () => {
        const waiting = namesOfLater(file.config, next.config);
        const last = file;
        file = next;
        const config = configOf(kept.running);
        if (Array.isArray(config)) {
          file = last;
          throw new ConfigError(config.map((reason) => `pushed ${reason}`).join("\n"));
        }
        await applyConfig(config as GatewayConfig);
        if (waiting.length > 0) log.warn({ waiting }, "these settings wait for the next start");
        onChange();
      }),

    hear(message) {
      const parsed = ConfigurationMessage.safeParse(message);
      if (parsed.success) return void inTurn(() => take(parsed.data)).catch(() => undefined);
      const numbered = Numbered.safeParse(message);
      log.error({ err: parsed.error }, "pushed configuration cannot be read");
      const { version } = numbered.data ?? {};
      if (version === undefined || version <= (kept.pushed?.version ?? 0)) return;
      refuse(
        version,
        parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
      );
    },

    told({ configuration }) {
      const { pushed } = configuration ?? {};
      const isProven = trial && clock.now() - trial.appliedAt >= provenAfterMs;
      if (!isProven || pushed?.state !== "trial" || pushed.version !== kept.running?.version)
        return;
      stopTrial();
      keep({ v: 1, running: kept.running, pushed: saying(pushed.version, "applied") });
      log.info({ version: pushed.version }, "pushed configuration has proved itself");
      onChange();
    },

    state() {
      const { running: version, pushed } = kept;
      const now = digestsOf(file.config);
      const drift = pushableKeys.filter((key) => version && version.file[key] !== now[key]);
      return {
        source: version ? "platform" : "file",
        ...(version && { version: version.version }),
        ...(pushed && { pushed }),
        ...(drift.length > 0 && { drift: [...drift] }),
      };
    },

    start(applyTo) {
      apply = applyTo;
      if (kept.trial) beginTrial();
    },

    settled: () => applying,
  };
}

/** What the file says of each pushable key, to notice that it says something else later. */
function digestsOf(config: GatewayConfig): Record<string, string> {
  const part = pushablePart(config);
  return Object.fromEntries(pushableKeys.map((key) => [key, JSON.stringify(part[key]) ?? ""]));
}
