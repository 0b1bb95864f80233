// The texts of the workspace as the editor has them: read with unsaved changes, changed through the editor (so that undo
// works there), and saved.

import type { ProtocolTextEdit } from "../../../server/src/protocol";

export interface Documents {
  /** The text, saved or not; undefined where there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** Changes files all at once and saves them; false where the editor refused. */
  apply(edits: readonly FileEdits[]): Promise<boolean>;
}

export interface FileEdits {
  readonly path: string;
  /** Positions in the text as it is before all of them. */
  readonly edits: readonly ProtocolTextEdit[];
}
