// How far a connection to a host gets: its address, the key that it shows, the login.

import type { HostSnapshot } from "../../../../server/src/protocol";
import { t } from "../../l10n";
import type { SshFailure } from "../../ports/ssh/outcome";
import type { Observation } from "../../state/observedStore";
import { type Check, type Fix, failed, notAsked, ok } from "./check";

export interface AskedConnection {
  readonly host: HostSnapshot;
  /** As ssh is given it; undefined where reading can't tell. */
  readonly destination: string | undefined;
  readonly observation: Observation | undefined;
}

/** How far each kind of failure shows that one got. */
const REACHED: Readonly<Record<SshFailure["kind"], number>> = {
  configuration: 0,
  dns: 0,
  unreachable: 1,
  timeout: 1,
  hostKey: 1,
  auth: 2,
  protocol: 3,
  cancelled: 0,
};

export function connectionChecks({ host, destination, observation }: AskedConnection): readonly Check[] {
  const ids = ["address", "hostKey", "login"] as const;
  if (destination === undefined)
    return [
      failed("address", t("can't be known by reading the configuration")),
      ...ids.slice(1).map(notAsked),
    ];
  const answer = observation?.answer;
  if (answer === undefined) return ids.map(notAsked);
  if (answer.kind === "reached")
    return [ok("address", destination), ok("hostKey", t("known")), ok("login", t("works"))];
  const { cause, why, hostKey } = answer;
  const reached = cause === undefined ? 1 : REACHED[cause];
  const passed = [ok("address", destination), ok("hostKey", t("known")), ok("login", t("works"))];
  const at =
    cause === "hostKey" ? 1 : cause === "unreachable" || cause === "timeout" ? 0 : Math.min(reached, 2);
  const broken: Check = { id: ids[at] ?? "address", state: "failed", text: why };
  const fix = fixOf(host, destination, cause, hostKey?.verdict);
  return [
    ...passed.slice(0, at),
    fix === undefined ? broken : { ...broken, fix },
    ...ids.slice(at + 1).map(notAsked),
  ];
}

function fixOf(
  host: HostSnapshot,
  destination: string,
  cause: SshFailure["kind"] | undefined,
  verdict: string | undefined,
): Fix | undefined {
  if (cause === "hostKey" && verdict === "unknown")
    return {
      kind: "command",
      id: "nixDeploy.acceptHostKey",
      title: t("Show the Host Key of {0}", host.name),
    };
  if (cause === "hostKey")
    return {
      kind: "terminal",
      title: t("If {0} was installed anew, forget its old key", host.name),
      text: `ssh-keygen -R ${destination.replace(/^.*@/, "")}`,
    };
  if (cause === "auth")
    return { kind: "terminal", title: t("Send a key to {0}", host.name), text: `ssh-copy-id ${destination}` };
  return cause === "dns" || cause === "unreachable" || cause === "timeout"
    ? { kind: "terminal", title: t("Look where the connection ends"), text: `ssh -v ${destination} true` }
    : undefined;
}
