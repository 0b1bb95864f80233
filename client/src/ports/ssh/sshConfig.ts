// Everything that OpenSSH's client configuration says about how to connect to one destination, defaults filled in.

import path from "node:path";
import { t } from "../../l10n";
import { ConfigEvaluation, type ConfigSource } from "./configEvaluation";
import { expandFile, expandTokens, type Tokens } from "./configTokens";
import type { SshDirective } from "./sshArguments";

/** Everything needed to connect to one destination, defaults filled in. */
export interface ResolvedDestination {
  /** As the user wrote it. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Absolute paths, in the order in which to try them; OpenSSH's defaults where the configuration names none. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket, "none", or undefined for the environment's. */
  readonly identityAgent: string | undefined;
  /** Hops in the order of travel; empty for a direct connection. */
  readonly proxyJump: readonly string[];
  /** Set where only OpenSSH itself can connect. */
  readonly proxyCommand: string | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  /** The name under which the host key is looked up; undefined for the host's own. */
  readonly hostKeyAlias: string | undefined;
  /** Whether names of accepted host keys are written as hashes. */
  readonly hashKnownHosts: boolean;
  readonly connectTimeoutSeconds: number | undefined;
  readonly addressFamily: "inet" | "inet6" | undefined;
  /** Whether public-key logins are allowed at all; there are no others here. */
  readonly publicKeyLogin: boolean;
  /** Why a whole file was passed over. As with ssh, nobody is connected to then: it could be somebody else. */
  readonly unreadable: string | undefined;
  /** What was not understood or not done, one line each: shown to the user, never fatal. */
  readonly problems: readonly string[];
}

export interface DestinationOverrides {
  readonly user?: string;
  readonly port?: number;
  /** As given to ssh itself. */
  readonly options?: readonly SshDirective[];
}

const DEFAULT_IDENTITIES = ["id_ed25519", "id_ecdsa", "id_ecdsa_sk", "id_ed25519_sk", "id_rsa"];
const DEFAULT_USER_FILES = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
const DEFAULT_GLOBAL_FILES = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];

/** What the configuration says about `alias`. Overrides (from a deploy node) win over the configuration. */
export function resolveDestination(
  alias: string,
  source: ConfigSource,
  overrides: DestinationOverrides = {},
): ResolvedDestination {
  const given = [
    ...(overrides.user === undefined ? [] : [{ key: "user", value: overrides.user }]),
    ...(overrides.port === undefined ? [] : [{ key: "port", value: String(overrides.port) }]),
    ...(overrides.options ?? []),
  ];
  const config = new ConfigEvaluation(alias, source, given);
  const port = readPort(config);
  const hostKeyAlias = config.first("hostkeyalias");
  const { home, localUser } = source;
  const user = config.first("user") ?? localUser;
  const tokens = {
    alias,
    hostName: config.hostName,
    hostKeyAlias,
    user,
    localUser,
    home,
    port: String(port),
  };
  const files = (key: string, otherwise: readonly string[]) =>
    (config.all(key) ?? otherwise).filter(isNamed).map(file => expandFile(file, tokens));
  noteWhatIsNotDone(config);
  return {
    alias,
    hostName: config.hostName,
    port,
    user,
    identityFiles: files(
      "identityfile",
      DEFAULT_IDENTITIES.map(name => path.posix.join(home, ".ssh", name)),
    ),
    identitiesOnly: isYes(config.first("identitiesonly")),
    identityAgent: readAgent(config.first("identityagent"), tokens),
    ...readProxy(config, tokens),
    userKnownHostsFiles: files("userknownhostsfile", DEFAULT_USER_FILES),
    globalKnownHostsFiles: files("globalknownhostsfile", DEFAULT_GLOBAL_FILES),
    hostKeyAlias,
    hashKnownHosts: isYes(config.first("hashknownhosts")),
    connectTimeoutSeconds: readTime(config.first("connecttimeout")),
    addressFamily: readFamily(config.first("addressfamily")),
    publicKeyLogin: allowsPublicKeys(config),
    unreadable: config.unreadable,
    problems: [...config.problems],
  };
}

function isNamed(file: string): boolean {
  return file.toLowerCase() !== "none";
}

function isYes(text: string | undefined): boolean {
  return /^(?:yes|true)$/i.test(text ?? "");
}

function readPort(config: ConfigEvaluation): number {
  const text = config.first("port");
  if (text === undefined) return 22;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  config.problems.add(t("Port {0} is not a port; 22 is used", text));
  return 22;
}

/** Seconds, or as in `1m30s`. */
function readTime(text: string | undefined): number | undefined {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/i.exec(text ?? "");
  const [hours = 0, minutes = 0, seconds = 0] = (match ?? []).slice(1).map(part => Number(part ?? 0));
  const all = hours * 3600 + minutes * 60 + seconds;
  return all > 0 ? all : undefined;
}

function readFamily(text: string | undefined): "inet" | "inet6" | undefined {
  const family = text?.toLowerCase();
  return family === "inet" || family === "inet6" ? family : undefined;
}

function allowsPublicKeys(config: ConfigEvaluation): boolean {
  const methods = config.first("preferredauthentications")?.toLowerCase().split(",");
  const allowed = config.first("pubkeyauthentication")?.toLowerCase();
  return (
    allowed !== "no" && allowed !== "false" && (methods?.some(name => name.trim() === "publickey") ?? true)
  );
}

/** Settings on which a login may hang, and which only ssh itself can follow. */
function noteWhatIsNotDone(config: ConfigEvaluation): void {
  if (isNamed(config.first("certificatefile") ?? "none"))
    config.problems.add(t("CertificateFile is passed over: logins with certificates are not done here"));
  if (isNamed(config.first("knownhostscommand") ?? "none"))
    config.problems.add(t("KnownHostsCommand is not run: its host keys are not known here"));
}

/**
 * ProxyJump and ProxyCommand: whichever came first wins in OpenSSH; ProxyJump is what can be done here. Behind
 * `ProxyJump none`, which is no jump, a ProxyCommand counts (versions of ssh before that was mended passed over it).
 */
function readProxy(
  config: ConfigEvaluation,
  tokens: Tokens,
): Pick<ResolvedDestination, "proxyJump" | "proxyCommand"> {
  const textOf = (key: string): string => config.all(key)?.join(" ") ?? "none";
  const jump = config.firstOf("proxyjump", "proxycommand") === "proxyjump" ? textOf("proxyjump") : "none";
  if (isNamed(jump)) {
    const hops = jump.split(",").map(hop => expandTokens(hop.trim(), tokens));
    return { proxyJump: hops, proxyCommand: undefined };
  }
  const command = textOf("proxycommand");
  return { proxyJump: [], proxyCommand: isNamed(command) ? command : undefined };
}

function readAgent(text: string | undefined, tokens: Tokens): string | undefined {
  if (text === undefined || text === "SSH_AUTH_SOCK") return undefined;
  const variable = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  if (variable !== undefined) return process.env[variable];
  return isNamed(text) ? expandFile(text, tokens) : "none";
}
