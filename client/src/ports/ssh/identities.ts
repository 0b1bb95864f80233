// In which order keys are offered to a server: the agent's first, then key files. With IdentitiesOnly the agent may
// offer only keys whose public half lies beside a configured file. Passphrases are asked for once and kept in memory.

import { readFile } from "node:fs/promises";
import type { AgentAuthMethod, BaseAgent, ParsedKey, PublicKeyAuthMethod } from "ssh2";
import type { ResolvedDestination } from "./sshConfig";

/** Asks the user for the passphrase of a key file; undefined when the user declines. */
export type AskPassphrase = (keyFile: string, signal: AbortSignal) => Promise<string | undefined>;

/** Passphrases of this window, by key file. Never written anywhere. */
export type PassphraseMemory = Map<string, Promise<string | undefined>>;

export interface IdentitySources {
  readonly agentSocket: string | undefined;
  readonly askPassphrase: AskPassphrase;
  readonly passphrases: PassphraseMemory;
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

/**
 * Gives the next way to log in, or undefined when there is none left. Key files are read, and passphrases asked for,
 * only when it is their turn.
 */
export async function* authAttempts(
  ssh2: Ssh2,
  to: ResolvedDestination,
  sources: IdentitySources,
  log: AuthLog,
  signal: AbortSignal,
): AsyncGenerator<AuthAttempt, undefined> {
  const socket = to.identityAgent === "none" ? undefined : (to.identityAgent ?? sources.agentSocket);
  const offered = new Set<string>();
  if (socket !== undefined) {
    const allowed = to.identitiesOnly ? await publicHalves(ssh2, to.identityFiles) : undefined;
    const agent = await limitedAgent(ssh2, socket, allowed, offered, log);
    if (agent !== undefined) yield { type: "agent", username: to.user, agent };
  }
  let left = MAX_ATTEMPTS - offered.size;
  for (const file of to.identityFiles) {
    if (left <= 0) {
      log.notes.push(`more than ${MAX_ATTEMPTS} keys: the rest was not offered`);
      return undefined;
    }
    const key = await loadKey(ssh2, file, sources, log, signal);
    if (key === undefined || offered.has(blobOf(key))) continue;
    left--;
    log.tried.push(file);
    yield { type: "publickey", username: to.user, key };
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
): Promise<BaseAgent | undefined> {
  const agent = ssh2.createAgent(socket);
  const keys = await identitiesOf(agent, log);
  const chosen = keys.filter(key => allowed === undefined || allowed.has(blobOf(key))).slice(0, MAX_ATTEMPTS);
  if (chosen.length === 0) return undefined;
  for (const key of chosen) offered.add(blobOf(key));
  log.tried.push(chosen.length === 1 ? "1 key of the SSH agent" : `${chosen.length} keys of the SSH agent`);
  agent.getIdentities = callback => callback(undefined, chosen);
  return agent;
}

function identitiesOf(agent: BaseAgent, log: AuthLog): Promise<ParsedKey[]> {
  return new Promise(resolve => {
    agent.getIdentities((error, keys) => {
      if (error) log.notes.push("the SSH agent does not answer");
      resolve(
        (keys ?? []).filter((key): key is ParsedKey => typeof key === "object" && "getPublicSSH" in key),
      );
    });
  });
}

async function publicHalves(ssh2: Ssh2, files: readonly string[]): Promise<Set<string>> {
  const blobs = new Set<string>();
  for (const file of files) {
    const text = (await readOrUndefined(`${file}.pub`)) ?? (await readOrUndefined(file));
    const key = text === undefined ? undefined : ssh2.utils.parseKey(text);
    if (key !== undefined && !(key instanceof Error)) blobs.add(blobOf(key));
  }
  return blobs;
}

async function loadKey(
  ssh2: Ssh2,
  file: string,
  sources: IdentitySources,
  log: AuthLog,
  signal: AbortSignal,
): Promise<ParsedKey | undefined> {
  const text = await readOrUndefined(file);
  if (text === undefined) return undefined;
  let key = ssh2.utils.parseKey(text);
  if (key instanceof Error && /encrypted/i.test(key.message)) {
    const passphrase = await rememberedPassphrase(file, sources, signal);
    if (passphrase === undefined) {
      log.notes.push(`${file} needs a passphrase`);
      return undefined;
    }
    key = ssh2.utils.parseKey(text, passphrase);
    if (key instanceof Error) {
      sources.passphrases.delete(file);
      log.notes.push(`the passphrase for ${file} is wrong`);
      return undefined;
    }
  }
  if (key instanceof Error) {
    log.notes.push(`${file} is not a key that can be used here`);
    return undefined;
  }
  return key;
}

/** One question a key file, however many hosts want it at once; a declined one is asked again next time. */
function rememberedPassphrase(
  file: string,
  sources: IdentitySources,
  signal: AbortSignal,
): Promise<string | undefined> {
  const known = sources.passphrases.get(file);
  if (known !== undefined) return known;
  const asked = sources.askPassphrase(file, signal).then(answer => {
    if (answer === undefined) sources.passphrases.delete(file);
    return answer;
  });
  sources.passphrases.set(file, asked);
  return asked;
}

function blobOf(key: ParsedKey): string {
  return key.getPublicSSH().toString("base64");
}

async function readOrUndefined(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch {
    // a configured or default key file that is not there is ordinary: OpenSSH passes over it too
    return undefined;
  }
}
