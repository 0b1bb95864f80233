// What a check of the preflight is: where it stands, why, and the way out.

import type { EditOperation } from "../../../../server/src/protocol";
import type { CommandId } from "../../commands";
import { t } from "../../l10n";

export const CHECK_IDS = [
  "address",
  "hostKey",
  "login",
  "sudo",
  "push",
  "caches",
  "space",
  "boot",
  "rollback",
  "lock",
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** unknown: what it needs was not reached or not told. */
export type CheckState = "ok" | "warning" | "failed" | "unknown";

export interface Check {
  readonly id: CheckId;
  readonly state: CheckState;
  /** One line for people. */
  readonly text: string;
  readonly fix?: Fix;
}

export type Fix =
  | { readonly kind: "edit"; readonly title: string; readonly operations: readonly EditOperation[] }
  | { readonly kind: "command"; readonly title: string; readonly id: CommandId }
  /** To be typed in a terminal; `text` is copied. */
  | { readonly kind: "terminal"; readonly title: string; readonly text: string };

export function ok(id: CheckId, text: string): Check {
  return { id, state: "ok", text };
}

export function failed(id: CheckId, text: string): Check {
  return { id, state: "failed", text };
}

export function notAsked(id: CheckId): Check {
  return { id, state: "unknown", text: t("not reached") };
}
