// Talking to the user, as an interface: flows that ask and show are tested under plain Node with a scripted user.
// The implementation is editor/vscodeUi.ts.

import type { ProtocolRange } from "../../../server/src/protocol";

export interface Ui {
  /** Shows a message with buttons; answers the button's text, or undefined. Does not wait for ever in commands: void it. */
  showError(message: string, ...buttons: string[]): Promise<string | undefined>;
  showWarning(message: string, ...buttons: string[]): Promise<string | undefined>;
  showInfo(message: string, ...buttons: string[]): Promise<string | undefined>;
  /** A modal question before something that changes a host or destroys something; the button is the verb. */
  confirm(question: Confirmation): Promise<boolean>;
  input(options: InputOptions): Promise<string | undefined>;
  pickOne<T>(items: readonly PickItem<T>[], options: PickOptions): Promise<T | undefined>;
  /** Undefined when the user backed out; never an empty list. */
  pickMany<T>(items: readonly PickItem<T>[], options: PickOptions): Promise<readonly T[] | undefined>;
  pickFolder(options: FolderOptions): Promise<string | undefined>;
  /** Where to write a file; undefined when the user backed out. */
  pickSaveFile(options: SaveOptions): Promise<string | undefined>;
  /** A notification with progress that can be cancelled. */
  withProgress<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T>;
  /** Shows text that belongs to no file, read-only, in an editor of its own. The same name replaces the old text. */
  showText(document: TextDocumentContent): Promise<void>;
  /** Shows what will change in files, and asks beside it. */
  confirmChanges(question: ChangesQuestion): Promise<boolean>;
  openFile(path: string, range?: ProtocolRange | null): Promise<void>;
  openSetting(key: string): Promise<void>;
  copy(text: string): Promise<void>;
  /** Opens a terminal in which `command` runs with these arguments, without a shell. */
  openTerminal(options: TerminalOptions): void;
}

export interface Confirmation {
  /** One sentence that names the host. */
  readonly message: string;
  /** Everything that will happen, several lines. */
  readonly detail: string;
  /** The button: a verb. */
  readonly verb: string;
  /** Everything in detail: it lies open behind the question, and a button leads to it; the question then waits beside it. */
  readonly details?: { readonly title: string; readonly document: TextDocumentContent };
}

export interface ChangesQuestion {
  /** One sentence that names the hosts or the file. */
  readonly message: string;
  /** What there is to know beyond the changes. */
  readonly detail: string;
  /** The button: a verb. */
  readonly verb: string;
  readonly changes: readonly TextChange[];
}

/** A file as it is and as it will be. */
export interface TextChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface InputOptions {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** What is wrong with the text, or undefined. */
  validate?(text: string): string | undefined;
}

export interface PickItem<T> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly picked?: boolean;
  /** Starts a group with this heading. */
  readonly heading?: string;
}

export interface PickOptions {
  readonly title: string;
  readonly placeholder?: string;
}

export interface FolderOptions {
  readonly title: string;
  readonly openLabel: string;
  readonly defaultPath?: string;
}

export interface SaveOptions {
  readonly title: string;
  /** `history.csv` */
  readonly name: string;
}

export interface Progress {
  report(message: string, increment?: number): void;
  readonly signal: AbortSignal;
}

export interface TextDocumentContent {
  /** Ends in a file extension, which picks the language: `doctor.md`. */
  readonly name: string;
  readonly text: string;
}

export interface TerminalOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}
