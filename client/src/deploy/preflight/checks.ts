// Whether a deployment to a host can work, check by check, from what the host said. Pure: everything was asked before. Each
// failure has a cause and a way out: a change of the configuration, a command of ours, or one for a terminal.

import { t } from "../../l10n";
import { formatBytes } from "../../state/amounts";
import type { HostFacts } from "../../state/hostFacts";
import type { Told } from "../../state/observedStore";
import type { LockState } from "../lock";
import { type Check, type Fix, failed, notAsked, ok } from "./check";
import { type AskedConnection, connectionChecks } from "./connectionChecks";

/** What the extra question to the host told. */
export interface Extra {
  /** Groups of the login. */
  readonly groups: readonly string[];
  /** Bytes of the running system's closure. */
  readonly closure: number | undefined;
  readonly lock: LockState;
}

export interface Asked extends AskedConnection {
  /** When the round began: an older full answer says nothing about now. */
  readonly since: number;
  /** Undefined where it was not reached. */
  readonly extra: Extra | undefined;
  /** Nix here signs what it builds. */
  readonly signsHere: boolean;
}

/** Below it a new kernel and initrd hardly fit. */
const BOOT_LOW = 100 * 1024 * 1024;
const BOOT_FULL = 30 * 1024 * 1024;

/** One entry for each of CHECK_IDS, in that order. */
export function checkHost(asked: Asked): readonly Check[] {
  const told = asked.observation?.told;
  const fresh = told !== undefined && told.at >= asked.since ? told : undefined;
  return [
    ...connectionChecks(asked),
    ...(fresh === undefined
      ? (["sudo", "push", "caches", "space", "boot", "rollback"] as const).map(id => notAsked(id))
      : hostChecks(asked, fresh)),
    lockCheck(asked.extra),
  ];
}

function hostChecks(asked: Asked, { facts, caches }: Told): readonly Check[] {
  return [
    sudoCheck(asked, facts),
    pushCheck(asked, facts),
    cachesCheck(caches),
    spaceCheck(asked, facts),
    bootCheck(asked, facts),
    facts.generationCount > 0
      ? ok("rollback", t("{0} generations", facts.generationCount))
      : { id: "rollback", state: "warning", text: t("no generation yet: nothing to go back to") },
  ];
}

function sudoCheck({ host }: Asked, { login }: HostFacts): Check {
  if (login.isRoot) return ok("sudo", t("logs in as root"));
  if (login.sudoWithoutPassword === true) return ok("sudo", t("{0} needs no password", login.user));
  if (login.sudoWithoutPassword === undefined) return { id: "sudo", state: "unknown", text: t("not told") };
  return {
    ...failed("sudo", t("sudo asks {0} for a password, and nobody can type it", login.user)),
    fix: {
      kind: "edit",
      title: t("Let the group wheel of {0} use sudo without a password", host.name),
      operations: [
        {
          kind: "set",
          target: { hosts: [host.name] },
          option: "security.sudo.wheelNeedsPassword",
          value: false,
        },
      ],
    },
  };
}

/** The receiving Nix takes paths from trusted users, or paths that are signed by a key it trusts. */
function pushCheck({ host, extra, signsHere }: Asked, { login, settings }: HostFacts): Check {
  if (login.isRoot) return ok("push", t("root is trusted"));
  if (settings === undefined)
    return { id: "push", state: "unknown", text: t("its Nix does not tell its settings") };
  const groups = extra?.groups.map(group => `@${group}`) ?? [];
  const by = settings.trustedUsers.find(name => name === "*" || name === login.user || groups.includes(name));
  if (by !== undefined) return ok("push", t("{0} is trusted ({1})", login.user, by));
  if (settings.requireSigs === false) return ok("push", t("signatures are not required"));
  const fix: Fix = {
    kind: "edit",
    title: t("Trust {0} on {1}", login.user, host.name),
    operations: [
      {
        kind: "addToList",
        target: { hosts: [host.name] },
        option: "nix.settings.trusted-users",
        items: [login.user],
      },
    ],
  };
  const why = t("{0} is not in trusted-users, so only signed paths are taken", login.user);
  return signsHere
    ? { id: "push", state: "warning", text: t("{0}; Nix here signs what it builds", why), fix }
    : {
        ...failed(
          "push",
          t("{0}, and Nix here does not sign; the change must first reach the host by another way", why),
        ),
        fix,
      };
}

function cachesCheck(caches: Told["caches"]): Check {
  if (caches === undefined) return { id: "caches", state: "unknown", text: t("not tried") };
  const lost = caches.filter(({ reached }) => !reached);
  if (lost.length > 0)
    return {
      id: "caches",
      state: "warning",
      text: lost.map(({ url, why }) => (why === undefined ? url : `${url} (${why})`)).join("; "),
      fix: { kind: "command", id: "nixDeploy.testCache", title: t("Test a Cache") },
    };
  return ok("caches", caches.length === 0 ? t("asks none") : t("{0} reached", caches.length));
}

function spaceCheck({ destination, extra }: Asked, { storeSpace }: HostFacts): Check {
  if (storeSpace === undefined) return { id: "space", state: "unknown", text: t("not told") };
  const free = t("{0} free", formatBytes(storeSpace.free));
  const size = extra?.closure;
  if (size === undefined) return ok("space", free);
  const text = t("{0}, the running system is {1}", free, formatBytes(size));
  if (storeSpace.free >= size) return ok("space", text);
  const state = storeSpace.free < size / 10 ? "failed" : "warning";
  return { id: "space", state, text, fix: collectGarbage(destination) };
}

function bootCheck({ destination }: Asked, { bootSpace }: HostFacts): Check {
  if (bootSpace === undefined) return ok("boot", t("no partition of its own"));
  const text = t("{0} free", formatBytes(bootSpace.free));
  if (bootSpace.free >= BOOT_LOW) return ok("boot", text);
  return {
    id: "boot",
    state: bootSpace.free < BOOT_FULL ? "failed" : "warning",
    text,
    fix: collectGarbage(destination),
  };
}

function collectGarbage(destination: string | undefined): Fix {
  const text = `ssh ${destination ?? ""} sudo nix-collect-garbage --delete-older-than 30d`;
  return { kind: "terminal", title: t("Remove generations that are older than 30 days"), text };
}

function lockCheck(extra: Extra | undefined): Check {
  if (extra === undefined) return notAsked("lock");
  switch (extra.lock.kind) {
    case "free":
      return ok("lock", t("free"));
    case "held":
      return failed("lock", t("held by {0}: {1}", extra.lock.by.owner, extra.lock.by.reason));
    case "unknown":
      return { id: "lock", state: "unknown", text: extra.lock.why };
  }
}
