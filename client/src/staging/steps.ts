// The steps that turn one host into a binary cache for others, from the keys to the proof. Each looks first and keeps what
// it finds. Nothing here knows an editor: what a step needs of the outside is in StagingPorts.

import { randomBytes } from "node:crypto";
import { isStorePath } from "../../../server/src/core/formats/storePath";
import type { EditOperation } from "../../../server/src/protocol";
import type { ChangedFile } from "../configuration/edits";
import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import type { Step, StepResult } from "../procedure/procedure";
import { ask, type HostsByName } from "../remote/askHost";
import type { FixedScript } from "../remote/fixedScript";
import {
  cacheKeyScript,
  hostKeyScript,
  publicKeyWords,
  removeCacheKeyScript,
  removeSshKeyScript,
  rootSshKeyScript,
  signSystemScript,
} from "../remote/hostKeys";
import { HTTP_PORT } from "../stores/httpServer";
import { cacheUrl, type MadeKey, overSsh, type StagingFacts } from "./facts";
import { stagingOperations } from "./operations";
import { explainProof } from "./proofTrouble";
import { clientStateScript, proofOnClientScript, proofOnServerScript, serverStateScript } from "./scripts";

export interface StagingPorts extends HostsByName {
  readonly clock: Clock;
  /** Shows the difference, asks, and changes the configuration. Rejects with CancelledError if the user declines. */
  change(message: string, operations: readonly EditOperation[]): Promise<readonly ChangedFile[]>;
  undoChange(message: string, changed: readonly ChangedFile[]): Promise<void>;
  /** Deploys hosts and resolves when that has ended, however it ended. */
  deploy(hosts: readonly string[], signal: AbortSignal): Promise<void>;
}

type StagingStep = Step<StagingFacts, StagingPorts>;
type Result = StepResult<StagingFacts>;

const done = (facts: StagingFacts, note: string): Result => ({ facts, outcome: "done", note });
const skipped = (facts: StagingFacts, note: string): Result => ({ facts, outcome: "skipped", note });
const failed = (facts: StagingFacts, note: string): Result => ({ facts, outcome: "failed", note });
const undone = (facts: StagingFacts, note: string): Result => ({ facts, outcome: "undone", note });

const signingKey: StagingStep = {
  id: "signingKey",
  title: facts => t("The signing key on {0}", facts.server),
  async run(facts, ports, signal) {
    const { server } = facts;
    const mode = overSsh(facts.transport) ? "keep" : "keepServed";
    const answers = await ask(ports, server, cacheKeyScript(facts.keyFile, facts.keyName, mode), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const [publicKey, file] = [answers.one("public"), answers.one("file")];
    if (publicKey === undefined || file === undefined)
      return failed(facts, keyRefusal(server, facts.keyFile, answers.one("refused")));
    const known = { ...facts, publicKey, keyFile: file };
    if (answers.one("made") === undefined) {
      const bits = answers.one("mode") ?? "";
      const open = /^[0-7]?[0-7]00$/.test(bits)
        ? ""
        : ` ${t("Its mode is {0}, so that others can read it: chmod 600 {1}", bits, file)}`;
      return done(known, t("Kept the key in {0}: {1}", file, publicKey) + open);
    }
    const made: MadeKey = { kind: "cacheKey", host: server, file, publicKey };
    return done({ ...known, made: [...facts.made, made] }, t("Made {0}: {1}", file, publicKey));
  },
  undo: (facts, ports, signal) => removeMade("cacheKey", facts, ports, signal),
};

/** Why no cache key could be made, for people. */
function keyRefusal(host: string, file: string, why: string | undefined): string {
  switch (why) {
    case "git":
      return t("{0} on {1} is inside a Git work tree, where a secret key must not be.", file, host);
    case "place":
      return t("{0} is no place for a secret key: it must be an absolute path outside the Nix store.", file);
    case "malformed":
      return t("{0} on {1} is there but holds no secret key of 64 bytes. It is left as it is.", file, host);
    case "no-nix":
      return t("There is no Nix on {0}.", host);
    default:
      return t("The key {0} could not be made on {1}.", file, host);
  }
}

const clientKeys: StagingStep = {
  id: "clientKeys",
  title: facts => t("The SSH keys of {0}", facts.clients.join(", ")),
  async run(facts, ports, signal) {
    if (!overSsh(facts.transport)) return skipped(facts, t("A cache over HTTP needs no SSH keys."));
    let known = facts;
    const notes: string[] = [];
    for (const client of facts.clients) {
      const answers = await ask(ports, client, rootSshKeyScript(), signal);
      if (typeof answers === "string") return failed(known, answers);
      const [publicKey, file] = [publicKeyWords(answers.one("rootkey")), answers.one("file")];
      if (publicKey === undefined || file === undefined) {
        const locked = answers.one("refused") === "passphrase";
        return failed(
          known,
          locked
            ? t("Root's SSH key on {0} has a passphrase, which nobody can type there.", client)
            : t("Root of {0} has no SSH key, and none could be made.", client),
        );
      }
      const made: readonly MadeKey[] =
        answers.one("made") === undefined ? [] : [{ kind: "sshKey", host: client, file, publicKey }];
      known = {
        ...known,
        clientKeys: { ...known.clientKeys, [client]: publicKey },
        made: [...known.made, ...made],
      };
      notes.push(made.length > 0 ? t("made {0} on {1}", file, client) : t("kept {0} on {1}", file, client));
    }
    return done(known, notes.join("; "));
  },
  undo: (facts, ports, signal) => removeMade("sshKey", facts, ports, signal),
};

async function removeMade(
  kind: MadeKey["kind"],
  facts: StagingFacts,
  ports: StagingPorts,
  signal: AbortSignal,
): Promise<Result> {
  let left = facts;
  const notes: string[] = [];
  for (const key of facts.made.filter(each => each.kind === kind)) {
    const script = kind === "cacheKey" ? removeCacheKeyScript : removeSshKeyScript;
    const answers = await ask(ports, key.host, script(key.file, key.publicKey), signal);
    if (typeof answers === "string") return failed(left, answers);
    const removed = answers.one("removed") !== undefined;
    notes.push(
      removed
        ? t("removed {0} on {1}", key.file, key.host)
        : t("left {0} on {1}, which is another key now", key.file, key.host),
    );
    left = { ...left, made: left.made.filter(each => each !== key) };
  }
  return undone(left, notes.join("; ") || t("Nothing had been made."));
}

const hostKey: StagingStep = {
  id: "hostKey",
  title: facts => t("The host key of {0}", facts.server),
  async run(facts, ports, signal) {
    if (!overSsh(facts.transport)) return skipped(facts, t("A cache over HTTP needs no host key."));
    const answers = await ask(ports, facts.server, hostKeyScript(), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const hostPublicKey = publicKeyWords(answers.all("hostkey")[0]);
    if (hostPublicKey === undefined) return failed(facts, t("{0} shows no SSH host key.", facts.server));
    return done({ ...facts, hostPublicKey }, hostPublicKey);
  },
};

const configuration: StagingStep = {
  id: "configuration",
  title: () => t("The configuration"),
  async run(facts, ports) {
    const operations = stagingOperations(facts, ports.findHost);
    const message = t("Make {0} the binary cache of {1}?", facts.server, facts.clients.join(", "));
    const changed = await ports.change(message, operations);
    const known = { ...facts, changed: [...facts.changed, ...changed] };
    if (changed.length === 0) return done(known, t("Everything stands there already."));
    return done(known, t("Changed {0}", changed.map(({ path }) => path).join(", ")));
  },
  async undo(facts, ports, signal) {
    if (facts.changed.length === 0) return undone(facts, t("Nothing had been changed."));
    const hosts = [...facts.clients, facts.server];
    await ports.undoChange(t("Take the cache {0} out of the configuration?", cacheUrl(facts)), facts.changed);
    await ports.deploy(hosts, signal);
    return undone({ ...facts, changed: [] }, t("Taken back, and deployed to {0}.", hosts.join(", ")));
  },
};

const server: StagingStep = {
  id: "server",
  title: facts => t("Deploy {0}, which serves", facts.server),
  run: (facts, ports, signal) =>
    untilThere(
      facts,
      ports,
      [{ host: facts.server, look: seconds => serverStateScript(facts, seconds) }],
      signal,
    ),
};

const clients: StagingStep = {
  id: "clients",
  title: facts => t("Deploy {0}, which will ask", facts.clients.join(", ")),
  run: (facts, ports, signal) =>
    untilThere(
      facts,
      ports,
      facts.clients.map(host => ({ host, look: () => clientStateScript(facts) })),
      signal,
    ),
};

/** Seconds that a service may take to start after a deployment. */
const START_SECONDS = 20;

/** Deploys the hosts on which the configuration has not arrived yet, and asks them again. */
async function untilThere(
  facts: StagingFacts,
  ports: StagingPorts,
  /** `look` waits so many seconds for what is just starting. */
  hosts: readonly { readonly host: string; readonly look: (seconds: number) => FixedScript }[],
  signal: AbortSignal,
): Promise<Result> {
  const missingOf = async (seconds: number): Promise<ReadonlyMap<string, string> | string> => {
    const missing = new Map<string, string>();
    for (const { host, look } of hosts) {
      const answers = await ask(ports, host, look(seconds), signal);
      if (typeof answers === "string") return answers;
      const parts = answers.all("missing");
      if (parts.length > 0) missing.set(host, parts.join(", "));
    }
    return missing;
  };
  const before = await missingOf(0);
  if (typeof before === "string") return failed(facts, before);
  if (before.size === 0) return done(facts, t("Was there already."));
  await ports.deploy([...before.keys()], signal);
  const after = await missingOf(START_SECONDS);
  if (typeof after === "string") return failed(facts, after);
  if (after.size === 0) return done(facts, t("Deployed: {0}", [...before.keys()].join(", ")));
  const lacks = [...after].map(([host, parts]) => t("{0} lacks {1}", host, parts));
  return failed(facts, t("Not there yet: {0}. Deploy and resume.", lacks.join("; ")));
}

const existingPaths: StagingStep = {
  id: "existingPaths",
  title: facts => t("Sign what {0} has already", facts.server),
  async run(facts, ports, signal) {
    if (!overSsh(facts.transport)) return skipped(facts, t("A server for HTTP signs what it serves."));
    const answers = await ask(ports, facts.server, signSystemScript(facts.keyFile), signal);
    if (typeof answers === "string") return failed(facts, answers);
    const code = answers.one("code");
    if (code === "none") return skipped(facts, t("{0} runs no system yet.", facts.server));
    const said = answers.one("err") ?? "";
    return code === "0" ? done(facts, said || t("Signed.")) : failed(facts, said);
  },
};

const proof: StagingStep = {
  id: "proof",
  title: facts => t("Proof: {0} fetch a path from {1}", facts.clients.join(", "), facts.server),
  async run(facts, ports, signal) {
    for (const client of facts.clients) {
      const nonce = randomBytes(12).toString("hex");
      const built = await ask(ports, facts.server, proofOnServerScript(nonce), signal);
      if (typeof built === "string") return failed(facts, built);
      const path = built.one("path");
      if (path === undefined || !isStorePath(path))
        return failed(facts, t("{0} can't build: {1}", facts.server, built.all("err").at(-1) ?? ""));
      const fetched = await ask(ports, client, proofOnClientScript(path, nonce), signal);
      if (typeof fetched === "string") return failed(facts, fetched);
      if (fetched.one("fetched") !== "yes")
        return failed(
          facts,
          await explainProof(facts, ports, { client, path, said: fetched.all("err") }, signal),
        );
    }
    const note = t(
      "{0} fetched a path that only {1} had, as root, signed by {2}.",
      facts.clients.join(", "),
      facts.server,
      facts.keyName,
    );
    const open = t("The port {0} must stay open in the firewall of {1}.", HTTP_PORT, facts.server);
    return done(facts, overSsh(facts.transport) || facts.openFirewall ? note : `${note} ${open}`);
  },
};

/** In this order; the server goes before those who ask it. */
export const STAGING_STEPS: readonly StagingStep[] = [
  signingKey,
  clientKeys,
  hostKey,
  configuration,
  server,
  existingPaths,
  clients,
  proof,
];
