// Errors meant for people: what went wrong in their words and, where there is one, the button that helps.
// Everything that is not a UserError is a bug and is only shown at the command boundary.

import type { CommandId } from "./commands";

/** The button under an error message. */
export interface ErrorAction {
  readonly title: string;
  /** One of our commands, a setting to open, a file to show, or the editor for workspace trust. */
  readonly run:
    | { readonly kind: "command"; readonly id: CommandId }
    | { readonly kind: "setting"; readonly key: string }
    /** Lines count from 1. */
    | { readonly kind: "file"; readonly path: string; readonly line: number }
    | { readonly kind: "trust" };
}

export class UserError extends Error {
  readonly action: ErrorAction | undefined;

  constructor(message: string, action?: ErrorAction) {
    super(message);
    this.name = "UserError";
    this.action = action;
  }
}

/** Nothing went wrong, there is only nothing to do: shown as information. */
export class NothingToDo extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "NothingToDo";
  }
}

/** The user backed out of a dialog or pressed Cancel: an expected end, shown to nobody. */
export class CancelledError extends Error {
  constructor() {
    super("cancelled");
    this.name = "CancelledError";
  }
}

/** The value, or the quiet end of the command if a dialog was left without an answer. */
export function orCancel<T>(value: T | undefined): T {
  if (value === undefined) throw new CancelledError();
  return value;
}
