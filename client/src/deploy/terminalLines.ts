// A deployment's events as lines of a terminal. With several hosts, each line says whose it is.

import { t } from "../l10n";
import { redact } from "../redact";
import { COLOURS } from "./colours";
import type { DeployEvent, HostResult } from "./events";
import { NixErrorLines, type SourceFiles } from "./nixErrorLines";
import type { DeployPlan } from "./plan";
import { isGood, outcomeText } from "./results";

const ESCAPE = "\u001b";
const BOLD = `${ESCAPE}[1m`;
const GREEN = `${ESCAPE}[32m`;
const RED = `${ESCAPE}[31m`;
const YELLOW = `${ESCAPE}[33m`;
const RESET = `${ESCAPE}[0m`;

export class TerminalLines {
  readonly #write: (line: string) => void;
  readonly #errors: ReadonlyMap<string, NixErrorLines>;
  readonly #prefixed: boolean;

  constructor(plan: DeployPlan, files: SourceFiles, write: (line: string) => void) {
    this.#write = write;
    this.#errors = new Map(plan.hosts.map(({ host, root }) => [host, new NixErrorLines(root, files)]));
    this.#prefixed = plan.hosts.length > 1;
  }

  show(event: DeployEvent): void {
    switch (event.kind) {
      case "phase":
      case "progress":
        return;
      case "note":
        this.#print(event.host, `${YELLOW}${printable(event.text)}${RESET}`);
        return;
      case "command":
        this.#flush(event.host);
        for (const [index, line] of event.text.split("\n").entries())
          this.#print(event.host, `${BOLD}${index === 0 ? "$" : " "} ${printable(line)}${RESET}`);
        return;
      case "line":
        for (const line of this.#errors.get(event.host)?.next(redact(event.text)) ?? []) {
          this.#print(event.host, printable(line));
        }
        return;
      case "end":
        this.#flush(event.result.host);
        this.#print(event.result.host, resultLine(event.result));
    }
  }

  #flush(host: string): void {
    for (const line of this.#errors.get(host)?.end() ?? []) this.#print(host, line);
  }

  #print(host: string, text: string): void {
    this.#write(this.#prefixed ? `${printable(host)} | ${text}` : text);
  }
}

function resultLine(result: HostResult): string {
  const color = isGood(result) ? GREEN : result.outcome === "failed" ? RED : YELLOW;
  const seconds = t("{0} s", result.seconds.toFixed(1));
  return `${color}${printable(result.host)}: ${outcomeText(result)}${RESET}: ${printable(result.why)} (${seconds})`;
}

/** Without control characters other than colours: output of a host must not move the cursor or set the title. */
export function printable(text: string): string {
  const parts = text.split(COLOURS);
  const found = text.match(COLOURS) ?? [];
  const clean = (part: string) => part.replace(/\t/g, "    ").replace(/\p{Cc}/gu, "");
  return parts.map((part, index) => clean(part) + (found[index] ?? "")).join("");
}
