// One hop of an SSH connection: TCP or a tunnel, the key exchange, the check of the host key, and the login with a public key.
// An unverified host is never logged in to.

import type net from "node:net";
import type { Duplex } from "node:stream";
import type { Client, ConnectConfig, ServerHostKeyAlgorithm } from "ssh2";
import { t } from "../../l10n";
import { type AuthLog, authAttempts, type IdentitySources } from "./identities";
import { KEY_IS_LOCKED } from "./keyFiles";
import { openHostKeyBook } from "./knownHosts";
import { explain, refusal, type SshError } from "./loginFailure";
import { failed, type PresentedHostKey, type SshFailure } from "./outcome";
import type { ResolvedDestination } from "./sshConfig";

type Ssh2 = typeof import("ssh2");

export interface LoginOptions {
  readonly identities: IdentitySources;
  readonly signal: AbortSignal;
  /** For each hop: name look-up, TCP, key exchange and login together. Undefined: as the configuration says. */
  readonly timeoutMs: number | undefined;
}

export type Connected = {
  readonly kind: "connected";
  readonly client: Client;
  readonly to: ResolvedDestination;
};
export type LoginResult = Connected | { readonly kind: "failed"; readonly failure: SshFailure };

const DEFAULT_TIMEOUT_MS = 10_000;

/** Connects and logs in; what was opened is added to `opened`, whose owner closes it. */
export async function login(
  to: ResolvedDestination,
  tunnel: Duplex | undefined,
  options: LoginOptions,
  opened: Client[],
): Promise<LoginResult> {
  // loaded late: it takes longer to load than the whole rest of the client
  const ssh2: Ssh2 = await import("ssh2");
  const book = await openHostKeyBook(to);
  await turnToBegin();
  const client = new ssh2.Client();
  opened.push(client);
  const log: AuthLog = { tried: [], notes: [] };
  const over = new AbortController();
  let refused: PresentedHostKey | undefined;
  const timeoutMs = timeoutOf(to, options);
  const signals = { cancelled: options.signal, over: over.signal };
  const attempts = authAttempts(ssh2, to, options.identities, log, signals);
  const config: ConnectConfig = {
    host: to.hostName,
    port: to.port,
    username: to.user,
    readyTimeout: timeoutMs,
    forceIPv4: to.addressFamily === "inet",
    forceIPv6: to.addressFamily === "inet6",
    keepaliveInterval: 5000,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: hostKeyOrder(book.knownTypes) },
    hostVerifier: (key: Buffer) => {
      refused = book.judge(key);
      return refused === undefined;
    },
    authHandler: nextAttempt(attempts, log),
    ...(tunnel === undefined ? {} : { sock: tunnel as net.Socket }),
  };
  // only now, after the last wait: a signal that was aborted before is never heard by a listener
  if (options.signal.aborted) return failed("cancelled", "cancelled");
  return new Promise(resolve => {
    const abort = (): void => {
      client.destroy();
      settle(failed("cancelled", "cancelled"));
    };
    options.signal.addEventListener("abort", abort, { once: true });
    const settle = (result: LoginResult): void => {
      options.signal.removeEventListener("abort", abort);
      over.abort();
      resolve(result);
    };
    client.once("ready", () => settle({ kind: "connected", client, to }));
    client.on("error", (error: SshError) => {
      // a key that could not sign is not the end: the next one is tried
      if (error.level === "agent") {
        if (error.message !== KEY_IS_LOCKED)
          log.notes.push(t("the SSH agent did not sign ({0})", error.message));
      } else
        settle({
          kind: "failed",
          failure: refused === undefined ? explain(error, to, log, timeoutMs) : refusal(refused),
        });
    });
    client.once("close", () =>
      settle(failed("protocol", t("{0} closed the connection before the login was done", to.hostName))),
    );
    try {
      client.connect(config);
      // the exchange is many small packets: held back, each would cost a delayed acknowledgement
      client.setNoDelay(true);
    } catch (error) {
      // ssh2 checks its configuration synchronously
      settle(failed("protocol", error instanceof Error ? error.message : String(error)));
    }
  });
}

/** Key exchanges are the costly part: the answers of many hosts in one moment would hold up everything else. */
const GAP_MS = 5;
let lastTurn = Promise.resolve();

/** One after the other, also where timers come late. */
function turnToBegin(): Promise<void> {
  const turn = lastTurn;
  lastTurn = turn.then(() => new Promise(resolve => setTimeout(resolve, GAP_MS)));
  return turn;
}

/** How long each hop may take. */
export function timeoutOf(to: ResolvedDestination, { timeoutMs }: LoginOptions): number {
  const configured = to.connectTimeoutSeconds === undefined ? undefined : to.connectTimeoutSeconds * 1000;
  return timeoutMs ?? configured ?? DEFAULT_TIMEOUT_MS;
}

/** ssh2 asks for one attempt at a time; `false` ends the login. */
function nextAttempt(
  attempts: AsyncGenerator<unknown, undefined>,
  log: AuthLog,
): NonNullable<ConnectConfig["authHandler"]> {
  return (_left, _partial, next) => {
    void attempts.next().then(
      step => (next as (attempt: unknown) => void)(step.done === true ? false : step.value),
      (error: unknown) => {
        log.notes.push(error instanceof Error ? error.message : String(error));
        (next as (attempt: unknown) => void)(false);
      },
    );
  };
}

const HOST_KEY_ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** Known key types first: a host that has several keys then shows one that can be checked. */
function hostKeyOrder(knownTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const known = knownTypes.flatMap(type => HOST_KEY_ALGORITHMS[type] ?? []);
  return [...new Set([...known, ...Object.values(HOST_KEY_ALGORITHMS).flat()])];
}
