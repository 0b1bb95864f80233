// A user who follows a script, for tests of flows under plain Node: answers in order, and a record of what was said.

import type { PickItem, TerminalOptions, TextDocumentContent, Ui } from "./ui";

export interface Script {
  /** Buttons to press on messages; a message whose buttons lack the next one is dismissed. */
  readonly buttons?: readonly string[];
  readonly confirms?: readonly boolean[];
  /** Undefined backs out. */
  readonly inputs?: readonly (string | undefined)[];
  /** Labels to pick, one list per question. */
  readonly picks?: readonly (readonly string[] | undefined)[];
  readonly folders?: readonly (string | undefined)[];
  /** Aborts the next progress at once. */
  readonly cancelProgress?: boolean;
}

export interface ScriptedUi {
  readonly ui: Ui;
  /** One line for everything shown, such as `error: TEXT [BUTTON]`. */
  readonly said: string[];
  readonly documents: TextDocumentContent[];
  readonly copied: string[];
  readonly terminals: TerminalOptions[];
}

export function scriptedUi(script: Script = {}): ScriptedUi {
  const said: string[] = [];
  const documents: TextDocumentContent[] = [];
  const copied: string[] = [];
  const terminals: TerminalOptions[] = [];
  const left = {
    buttons: [...(script.buttons ?? [])],
    confirms: [...(script.confirms ?? [])],
    inputs: [...(script.inputs ?? [])],
    picks: [...(script.picks ?? [])],
    folders: [...(script.folders ?? [])],
  };
  const message =
    (kind: string) =>
    async (text: string, ...buttons: string[]) => {
      said.push(`${kind}: ${text}${buttons.map(button => ` [${button}]`).join("")}`);
      return buttons.includes(left.buttons[0] ?? "") ? left.buttons.shift() : undefined;
    };
  const pick = <T>(items: readonly PickItem<T>[], title: string): readonly T[] | undefined => {
    said.push(`pick: ${title}: ${items.map(item => item.label).join(", ")}`);
    const wanted = left.picks.shift();
    return wanted?.flatMap(label => items.filter(item => item.label === label).map(item => item.value));
  };
  const ui: Ui = {
    showError: message("error"),
    showWarning: message("warning"),
    showInfo: message("info"),
    async confirm(question) {
      said.push(`confirm: ${question.message} [${question.verb}]\n${question.detail}`);
      if (question.details !== undefined) documents.push(question.details.document);
      return left.confirms.shift() ?? false;
    },
    async input(options) {
      const answer = left.inputs.shift();
      const problem = answer === undefined ? undefined : options.validate?.(answer);
      said.push(`input: ${options.title}${problem === undefined ? "" : ` (${problem})`}`);
      return problem === undefined ? answer : undefined;
    },
    pickOne: async (items, options) => pick(items, options.title)?.[0],
    async pickMany(items, options) {
      const picked = pick(items, options.title);
      return picked === undefined || picked.length === 0 ? undefined : picked;
    },
    async pickFolder(options) {
      said.push(`folder: ${options.title}`);
      return left.folders.shift();
    },
    async pickSaveFile(options) {
      said.push(`save: ${options.title}: ${options.name}`);
      return left.folders.shift();
    },
    withProgress(title, work) {
      const abort = new AbortController();
      if (script.cancelProgress === true) abort.abort();
      return work({ report: text => said.push(`progress: ${title}: ${text}`), signal: abort.signal });
    },
    showText: async document => void documents.push(document),
    async confirmChanges({ message, detail, verb, changes }) {
      said.push(`changes: ${message} [${verb}]\n${detail}`);
      for (const { path, before, after } of changes)
        documents.push({ name: `before${path}`, text: before }, { name: `after${path}`, text: after });
      return left.confirms.shift() ?? false;
    },
    openFile: async path => void said.push(`open: ${path}`),
    openSetting: async key => void said.push(`setting: ${key}`),
    copy: async text => void copied.push(text),
    openTerminal: options => void terminals.push(options),
  };
  return { ui, said, documents, copied, terminals };
}
