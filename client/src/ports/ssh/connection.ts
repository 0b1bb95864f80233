// One SSH connection, through as many jump hosts as the configuration asks for. Everything that was opened is closed
// again by `withConnection`, however its body ends. Only public-key logins; an unverified host is never logged in to.

import type net from "node:net";
import type { Duplex } from "node:stream";
import type { Client, ConnectConfig, ServerHostKeyAlgorithm } from "ssh2";
import { t } from "../../l10n";
import type { ConfigSource } from "./configEvaluation";
import { type AuthLog, authAttempts, type IdentitySources } from "./identities";
import { KEY_IS_LOCKED } from "./keyFiles";
import { openHostKeyBook } from "./knownHosts";
import { failed, type PresentedHostKey, type SshFailure } from "./outcome";
import { parseHop } from "./sshArguments";
import { type DestinationOverrides, type ResolvedDestination, resolveDestination } from "./sshConfig";

type Ssh2 = typeof import("ssh2");

/** Where to connect to: a host name or alias of the user's configuration, with what the deploy node says about it. */
export interface SshTarget extends DestinationOverrides {
  readonly host: string;
}

export interface ConnectOptions {
  readonly config: ConfigSource;
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
type ConnectResult = Connected | { readonly kind: "failed"; readonly failure: SshFailure };

const DEFAULT_TIMEOUT_MS = 10_000;

/** Hops beyond this are a loop in the configuration. */
const MAX_HOPS = 8;

/** Connects, runs `use`, and closes every hop. The answer is that of `use`, or why there was no connection. */
export async function withConnection<T>(
  target: SshTarget,
  options: ConnectOptions,
  use: (connection: Connected) => Promise<T>,
): Promise<T | { readonly kind: "failed"; readonly failure: SshFailure }> {
  const opened: Client[] = [];
  try {
    const result = await connectThrough(target, options, opened, 0);
    return result.kind === "failed" ? result : await use(result);
  } finally {
    for (const client of opened.reverse()) close(client);
  }
}

function close(client: Client): void {
  // late errors of a connection that is going away concern nobody
  client.on("error", () => undefined);
  client.end();
  client.destroy();
}

async function connectThrough(
  target: SshTarget,
  options: ConnectOptions,
  opened: Client[],
  depth: number,
): Promise<ConnectResult> {
  const to = resolveDestination(target.host, options.config, target);
  if (target.host.startsWith("-") || to.hostName.startsWith("-") || to.user.startsWith("-"))
    return failed("configuration", t('{0}: a host or user name can\'t start with "-"', target.host));
  if (to.unreadable !== undefined) return failed("configuration", to.unreadable);
  if (to.proxyCommand !== undefined)
    return failed(
      "configuration",
      t(
        "{0} is reached by a ProxyCommand, which is not run here: use ProxyJump in your SSH configuration",
        target.host,
      ),
    );
  if (!to.publicKeyLogin)
    return failed(
      "configuration",
      t(
        "your SSH configuration allows no login with a key at {0}, and others are not done here",
        target.host,
      ),
    );
  const last = to.proxyJump.at(-1);
  if (last === undefined) return login(to, undefined, options, opened);
  if (depth >= MAX_HOPS)
    return failed(
      "configuration",
      t("{0}: ProxyJump leads through more than {1} hosts", target.host, MAX_HOPS),
    );
  const hops = to.proxyJump.map(parseHop);
  let via: Client | undefined;
  for (const hop of hops) {
    const next =
      via === undefined
        ? await connectThrough(hop, options, opened, depth + 1)
        : await connectOver(via, hop, options, opened);
    if (next.kind === "failed") return inJump(next.failure, hop.host);
    via = next.client;
  }
  return via === undefined ? login(to, undefined, options, opened) : tunnelAndLogin(via, to, options, opened);
}

function connectOver(
  via: Client,
  hop: SshTarget,
  options: ConnectOptions,
  opened: Client[],
): Promise<ConnectResult> {
  return tunnelAndLogin(via, resolveDestination(hop.host, options.config, hop), options, opened);
}

function inJump(failure: SshFailure, hop: string): ConnectResult {
  const { hostKey } = failure;
  const shown = hostKey === undefined ? {} : { hostKey: { ...hostKey, jumpHost: hop } };
  return {
    kind: "failed",
    failure: { ...failure, ...shown, message: t("jump host {0}: {1}", hop, failure.message) },
  };
}

async function tunnelAndLogin(
  via: Client,
  to: ResolvedDestination,
  options: ConnectOptions,
  opened: Client[],
): Promise<ConnectResult> {
  const tunnel = await new Promise<Duplex | Error>(resolve => {
    via.forwardOut("127.0.0.1", 0, to.hostName, to.port, (error, stream) => resolve(error ?? stream));
  });
  if (tunnel instanceof Error)
    return failed(
      "unreachable",
      t("{0}:{1} can't be reached from the jump host ({2})", to.hostName, to.port, tunnel.message),
    );
  return login(to, tunnel, options, opened);
}

async function login(
  to: ResolvedDestination,
  tunnel: Duplex | undefined,
  options: ConnectOptions,
  opened: Client[],
): Promise<ConnectResult> {
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
    authHandler: nextAttempt(attempts),
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
    const settle = (result: ConnectResult): void => {
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

function timeoutOf(to: ResolvedDestination, { timeoutMs }: ConnectOptions): number {
  const configured = to.connectTimeoutSeconds === undefined ? undefined : to.connectTimeoutSeconds * 1000;
  return timeoutMs ?? configured ?? DEFAULT_TIMEOUT_MS;
}

/** ssh2 asks for one attempt at a time; `false` ends the login. */
function nextAttempt(
  attempts: AsyncGenerator<unknown, undefined>,
): NonNullable<ConnectConfig["authHandler"]> {
  return (_left, _partial, next) => {
    void attempts.next().then(
      step => (next as (attempt: unknown) => void)(step.done === true ? false : step.value),
      () => (next as (attempt: unknown) => void)(false),
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

function refusal(key: PresentedHostKey): SshFailure {
  const shown = `${key.type} ${key.fingerprint}`;
  const where =
    key.conflict === undefined ? "" : ` ${t("({0}, line {1})", key.conflict.file, key.conflict.line)}`;
  const { authority } = key;
  const certified =
    authority === undefined
      ? ""
      : t(
          ". A certificate authority is trusted for it ({0}, line {1}), but certificates are not checked here",
          authority.file,
          authority.line,
        );
  const message = {
    unknown: t(
      "the host key of {0} is not known: {1}{2}. Compare it with the host's own and accept it",
      key.name,
      shown,
      certified,
    ),
    changed: t(
      "the host key of {0} has changed: it now shows {1}, while known_hosts{2} has another one. Either the host was installed anew, or somebody answers in its place. If you know why, remove that line",
      key.name,
      shown,
      where,
    ),
    revoked: t("the host key of {0} is revoked{1}: {2}", key.name, where, shown),
  }[key.verdict];
  return { kind: "hostKey", message, hostKey: key };
}

type SshError = Error & { level?: string; code?: string };

/** One table from what ssh2 and the socket say to what it means. */
function explain(error: SshError, to: ResolvedDestination, log: AuthLog, timeoutMs: number): SshFailure {
  const where = to.port === 22 ? to.hostName : `${to.hostName} port ${to.port}`;
  if (error.level === "client-authentication") {
    const tried =
      log.tried.length === 0 ? t("no usable key was found") : t("tried {0}", log.tried.join(", "));
    const notes = log.notes.length === 0 ? "" : `; ${log.notes.join("; ")}`;
    return { kind: "auth", message: t("{0} refuses the login as {1}: {2}{3}", where, to.user, tried, notes) };
  }
  if (error.level === "client-timeout" || error.code === "ETIMEDOUT")
    return {
      kind: "timeout",
      message: t("{0} did not answer within {1} s", where, Math.round(timeoutMs / 1000)),
    };
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN" || error.level === "client-dns")
    return { kind: "dns", message: t("the name {0} can't be resolved", to.hostName) };
  if (error.code === "ECONNREFUSED")
    return { kind: "unreachable", message: t("{0} refuses connections: is sshd running there?", where) };
  if (error.level === "client-socket" || error.code !== undefined)
    return {
      kind: "unreachable",
      message: t("{0} can't be reached ({1})", where, error.code ?? error.message),
    };
  return { kind: "protocol", message: `${where}: ${error.message}` };
}
