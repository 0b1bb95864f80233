// In which order keys are offered to a server: the agent's first, then key files. With IdentitiesOnly the agent may
// offer only keys whose public half lies in or beside a configured file.

import type { AgentAuthMethod, BaseAgent, ParsedKey, PublicKeyAuthMethod } from "ssh2";
import { t } from "../../l10n";
import {
  type AskPassphrase,
  agentOfLockedKey,
  blobOf,
  type KeyMemory,
  publicBlobs,
  readKeyFile,
} from "./keyFiles";
import type { ResolvedDestination } from "./sshConfig";

export interface IdentitySources {
  readonly agentSocket: string | undefined;
  readonly askPassphrase: AskPassphrase;
  readonly unlocked: KeyMemory;
}

type Ssh2 = typeof import("ssh2");

export type AuthAttempt = AgentAuthMethod | PublicKeyAuthMethod;

/** Servers drop a login after this many attempts (MaxAuthTries is 6 by default). */
const MAX_ATTEMPTS = 6;

/** What was tried, for the message of a refused login. */
export interface AuthLog {
  readonly tried: string[];
  readonly notes: string[];
}

export interface AuthSignals {
  /** Nobody wants the connection any more. */
  readonly cancelled: AbortSignal;
  /** The login has come to its end, good or bad. */
  readonly over: AbortSignal;
}

/**
 * Gives the next way to log in, or undefined when there is none left. Key files are read only when it is their turn, and a
 * passphrase is asked for only when the server would take the key.
 */
export async function* authAttempts(
  ssh2: Ssh2,
  to: ResolvedDestination,
  sources: IdentitySources,
  log: AuthLog,
  signals: AuthSignals,
): AsyncGenerator<AuthAttempt, undefined> {
  const socket = to.identityAgent === "none" ? undefined : (to.identityAgent ?? sources.agentSocket);
  const offered = new Set<string>();
  if (socket !== undefined) {
    const allowed = to.identitiesOnly ? await publicBlobs(ssh2, to.identityFiles) : undefined;
    const agent = await limitedAgent(ssh2, socket, allowed, offered, log, signals.over);
    if (agent !== undefined) yield { type: "agent", username: to.user, agent };
  }
  const note = (text: string): void => void log.notes.push(text);
  const reading = { ssh2, ...sources, note, signal: signals.cancelled };
  let left = MAX_ATTEMPTS - offered.size;
  for (const file of to.identityFiles) {
    if (left <= 0) {
      note(t("more than {0} keys: the rest was not offered", MAX_ATTEMPTS));
      return undefined;
    }
    const key = await readKeyFile(file, reading);
    if (key === undefined || (key.publicBlob !== undefined && offered.has(key.publicBlob))) continue;
    const locked =
      key.locked && key.publicBlob !== undefined ? agentOfLockedKey(ssh2, key.publicBlob, key) : undefined;
    const usable = locked === undefined ? await key.unlock() : undefined;
    if (locked === undefined && usable === undefined) continue;
    left--;
    log.tried.push(file);
    if (locked !== undefined) yield { type: "agent", username: to.user, agent: locked };
    else if (usable !== undefined) yield { type: "publickey", username: to.user, key: usable };
  }
  return undefined;
}

/** An agent that offers at most MAX_ATTEMPTS keys, and only the allowed ones. Undefined where it has none to offer. */
async function limitedAgent(
  ssh2: Ssh2,
  socket: string,
  allowed: ReadonlySet<string> | undefined,
  offered: Set<string>,
  log: AuthLog,
  over: AbortSignal,
): Promise<BaseAgent | undefined> {
  const agent = ssh2.createAgent(socket);
  endStreamsWith(agent, over);
  const keys = await identitiesOf(agent, log);
  const chosen = keys.filter(key => allowed === undefined || allowed.has(blobOf(key))).slice(0, MAX_ATTEMPTS);
  if (chosen.length === 0) return undefined;
  for (const key of chosen) offered.add(blobOf(key));
  log.tried.push(
    chosen.length === 1 ? t("1 key of the SSH agent") : t("{0} keys of the SSH agent", chosen.length),
  );
  agent.getIdentities = callback => callback(undefined, chosen);
  return agent;
}

/** An agent may never answer, as while it waits for somebody at the screen; its stream must not stay open for that. */
function endStreamsWith(agent: BaseAgent, over: AbortSignal): void {
  const open = agent.getStream?.bind(agent);
  if (open === undefined) return;
  agent.getStream = callback =>
    open((error, stream) => {
      if (over.aborted) stream?.destroy();
      else over.addEventListener("abort", () => stream?.destroy(), { once: true });
      callback(error, stream);
    });
}

function identitiesOf(agent: BaseAgent, log: AuthLog): Promise<ParsedKey[]> {
  return new Promise(resolve => {
    agent.getIdentities((error, keys) => {
      if (error) log.notes.push(t("the SSH agent does not answer"));
      resolve(
        (keys ?? []).filter((key): key is ParsedKey => typeof key === "object" && "getPublicSSH" in key),
      );
    });
  });
}
