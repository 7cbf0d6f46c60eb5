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

/** While a version has yet to prove itself. */
type Trial = {
  readonly version: number;
  readonly cancel: AbortController;
  /** It has run for long enough: a status that the broker takes from now on proves it. */
  isRipe: boolean;
};

const appliedText = "pushed configuration applied";
const givenBackText = "the file's configuration counts again";

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
  let trial: Trial | undefined;
  /** The word on a newer version, told again once the broker has the one on the version that was on trial. */
  let saidLater: PushedConfiguration["pushed"];

  const keep = (next: PushedConfiguration) => {
    writePushed(folder, next);
    kept = next;
  };
  /** Counts though it cannot be written: the next start then judges anew what the file says. */
  const keepAnyhow = (next: PushedConfiguration) => {
    try {
      keep(next);
    } catch (err) {
      kept = next;
      log.error({ err, folder }, "what became of a pushed configuration cannot be kept");
    }
  };
  const newest = () => Math.max(kept.pushed?.version ?? 0, saidLater?.version ?? 0);
  /** What became of the version that was on trial is told before what became of newer ones. */
  const putOff = (version: number) => {
    if (kept.pushed && kept.pushed.version > version) saidLater = kept.pushed;
  };
  const saying: Saying = (version, state, reasons) => ({
    ...{ version, state, at: clock.now() },
    ...(reasons && { reasons: [...reasons] }),
  });

  const judge = (document: Version["document"] | ConfigurationMessage["document"]) =>
    document === null
      ? { config: file.config }
      : judgeDocument(document, file.config, file.profiles);

  /** The configuration that a version makes of the file, or the file's own. */
  const configOf = (version: Version | undefined): GatewayConfig | readonly string[] => {
    const judged = judge(version?.document ?? null);
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
    putOff(failed.version);
    keepAnyhow({ v: 1, ...(before && isUsable && { running: before }), pushed });
    await applyConfig(isUsable ? (config as GatewayConfig) : file.config);
    log.error({ version: failed.version, reason }, "pushed configuration rolled back");
    onChange();
  };

  const stopTrial = () => {
    trial?.cancel.abort();
    trial = undefined;
  };

  const beginTrial = (version: number) => {
    stopTrial();
    const cancel = new AbortController();
    const begun: Trial = { version, cancel, isRipe: false };
    trial = begun;
    const until = AbortSignal.any([signal, cancel.signal]);
    const wait = async () => {
      await clock.wait(provenAfterMs, until);
      begun.isRipe = true;
      // The status is due by itself, but not at once.
      if (!until.aborted) onChange();
      await clock.wait(Math.max(0, trialMs - provenAfterMs), until);
      if (until.aborted) return;
      const minutes = Math.round(trialMs / 6_000) / 10;
      const reason = `the broker was not reached with it within ${minutes} minutes`;
      // A newer version may have been taken up before it is its turn.
      await inTurn(async () => (until.aborted ? undefined : rollBack(reason)));
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
    const last = newest();
    if (version < last) log.warn({ version, newest: last }, "an older configuration was pushed");
    if (version <= last) return;
    const isBack = document === null;
    const judged = judge(document);
    if ("reasons" in judged) return refuse(version, judged.reasons);

    const next = isBack ? givenBack(version) : onTrial({ ...message, version }, judged.config);
    const fault = await changed(next, judged.config);
    if (fault !== undefined) return refuse(version, [fault]);
    saidLater = undefined;
    if (isBack) stopTrial();
    else beginTrial(version);
    log.info({ version, by: message.by.name }, isBack ? givenBackText : appliedText);
    onChange();
  };

  /** Keeps and applies it; or why it could not, with everything as it was. */
  const changed = async (
    next: PushedConfiguration,
    config: GatewayConfig,
  ): Promise<string | undefined> => {
    const [last, old] = [kept, running];
    try {
      keep(next);
    } catch (error) {
      return `it cannot be kept: ${(error as Error).message}`;
    }
    try {
      await applyConfig(config);
    } catch (error) {
      keepAnyhow(last);
      await applyConfig(old);
      return `it cannot be applied: ${(error as Error).message}`;
    }
    return undefined;
  };

  const givenBack = (version: number): PushedConfiguration => ({
    ...{ v: 1, pushed: saying(version, "applied") },
  });

  const onTrial = (
    message: Omit<ConfigurationMessage, "document">,
    config: GatewayConfig,
  ): PushedConfiguration => {
    const document = pushablePart(config) as Version["document"];
    const before = kept.trial ? kept.trial.before : kept.running;
    return {
      ...{ v: 1, running: { ...message, document, file: digestsOf(file.config) } },
      trial: { ...(before && { before }), starts: 0 },
      pushed: saying(message.version, "trial"),
    };
  };

  const refuse = (version: number, reasons: readonly string[]) => {
    saidLater = undefined;
    keepAnyhow({ ...kept, pushed: saying(version, "refused", reasons) });
    log.error({ version, reasons }, "pushed configuration refused");
    onChange();
  };

  const takeUp = () => {
    const { next, config, reasons } = takenUp(kept, configOf, saying);
    if (reasons)
      log.error({ version: kept.running?.version, reasons }, "pushed configuration left");
    if (next !== kept) keepAnyhow(next);
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
      const { issues } = parsed.error;
      const reasons = issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      const refuseNewer = async () => {
        if (version !== undefined && version > newest()) refuse(version, reasons);
      };
      inTurn(refuseNewer).catch(() => undefined);
    },

    told({ configuration }) {
      const { pushed } = kept;
      const isSaid =
        configuration?.pushed?.version === pushed?.version &&
        configuration?.pushed?.state === pushed?.state;
      if (saidLater && isSaid) {
        keepAnyhow({ ...kept, pushed: saidLater });
        saidLater = undefined;
        return onChange();
      }
      const { version, isRipe } = trial ?? {};
      const runs = [configuration?.version, kept.running?.version];
      if (version === undefined || !isRipe || runs.some((one) => one !== version)) return;
      stopTrial();
      putOff(version);
      keepAnyhow({ v: 1, running: kept.running, pushed: saying(version, "applied") });
      log.info({ version }, "pushed configuration has proved itself");
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
      if (kept.running && kept.trial) beginTrial(kept.running.version);
    },

    settled: () => applying,
  };
}

/** What the file says of each pushable key, to notice that it says something else later. */
function digestsOf(config: GatewayConfig): Record<string, string> {
  const part = pushablePart(config);
  return Object.fromEntries(pushableKeys.map((key) => [key, JSON.stringify(part[key]) ?? ""]));
}
