// What happens while a plan runs, host by host.

import type { Outcome } from "../state/ledger";
import type { NixProgress } from "./internalJson";
import type { Phase } from "./step";

export type DeployEvent =
  | { readonly kind: "phase"; readonly host: string; readonly phase: Phase }
  /** A command starts; the text is for people. */
  | { readonly kind: "command"; readonly host: string; readonly text: string }
  | {
      readonly kind: "line";
      readonly host: string;
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
  /** How far Nix has come with the running command; at most ten a second. */
  | { readonly kind: "progress"; readonly host: string; readonly progress: NixProgress }
  /** Something that the user should know while it runs, in one line. */
  | { readonly kind: "note"; readonly host: string; readonly text: string }
  | { readonly kind: "end"; readonly result: HostResult };

export interface HostResult {
  readonly host: string;
  /**
   * done and failed for actions that change no host; skipped where nothing was done to it at all; otherwise what became of
   * the host.
   */
  readonly outcome: Outcome | "done" | "skipped";
  readonly why: string;
  readonly cancelled: boolean;
  /** Every command ended well by its own account; a host may have landed and yet have failed units. */
  readonly clean: boolean;
  readonly seconds: number;
}
