// Where things are kept between sessions.

import type { Event } from "../events";

export interface Storage {
  /** A folder for files of this extension on this machine; may not exist yet. */
  readonly folder: string;
  /** Small values that belong to this workspace, such as the last selection. */
  readonly workspace: Memento;
  /** The system's keyring. Tokens live here and nowhere else. */
  readonly secrets: Secrets;
}

export interface Memento {
  get(key: string): unknown;
  set(key: string, value: unknown): Promise<void>;
}

export interface Secrets {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  readonly onDidChange: Event<string>;
}
