// One SSH connection, through as many jump hosts as the configuration asks for. Everything that was opened is closed
// again by `withConnection`, however its body ends.

import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { t } from "../../l10n";
import type { ConfigSource } from "./configEvaluation";
import { type Connected, type LoginOptions, type LoginResult, login, timeoutOf } from "./login";
import { failed, type SshFailure } from "./outcome";
import { parseHop } from "./sshArguments";
import { type DestinationOverrides, type ResolvedDestination, resolveDestination } from "./sshConfig";

/** Where to connect to: a host name or alias of the user's configuration, with what the deploy node says about it. */
export interface SshTarget extends DestinationOverrides {
  readonly host: string;
}

export interface ConnectOptions extends LoginOptions {
  readonly config: ConfigSource;
}

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
): Promise<LoginResult> {
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
): Promise<LoginResult> {
  return tunnelAndLogin(via, resolveDestination(hop.host, options.config, hop), options, opened);
}

function inJump(failure: SshFailure, hop: string): LoginResult {
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
): Promise<LoginResult> {
  const tunnel = await openTunnel(via, to, options);
  return tunnel.kind === "failed" ? tunnel : login(to, tunnel.stream, options, opened);
}

type Tunnel = { readonly kind: "open"; readonly stream: Duplex } | ReturnType<typeof failed>;

/** A jump host says nothing while it waits for the next one, which may be minutes: it has as long as a login. */
function openTunnel(via: Client, to: ResolvedDestination, options: ConnectOptions): Promise<Tunnel> {
  const { hostName, port } = to;
  const limit = timeoutOf(to, options);
  return new Promise(resolve => {
    const settle = (tunnel: Tunnel): void => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", abort);
      resolve(tunnel);
    };
    const abort = (): void => settle(failed("cancelled", "cancelled"));
    const timer = setTimeout(() => {
      const seconds = Math.round(limit / 1000);
      const why = t("{0}:{1} can't be reached from the jump host within {2} s", hostName, port, seconds);
      settle(failed("timeout", why));
    }, limit);
    options.signal.addEventListener("abort", abort, { once: true });
    if (options.signal.aborted) return abort();
    // one that opens after all is closed with the jump host's connection
    via.forwardOut("127.0.0.1", 0, hostName, port, (error, stream) => {
      if (!error) return settle({ kind: "open", stream });
      const why = t("{0}:{1} can't be reached from the jump host ({2})", hostName, port, error.message);
      settle(failed("unreachable", why));
    });
  });
}
