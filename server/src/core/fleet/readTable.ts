// What was ever asked of the files, with today's answers and when each last changed: so it is cheap to say of any result
// whether what it was computed from is still the same.

import type { Read, ReadKind } from "../eval/dependencies";
import type { FilePort } from "../eval/files";

/** Reads by their numbers in the table, and the moment when they were made. */
export interface ReadRecord {
  readonly numbers: Int32Array;
  readonly moment: number;
}

export class ReadTable {
  private readonly numbers: Readonly<Record<ReadKind, Map<string, number>>> = {
    file: new Map(),
    directory: new Map(),
    existence: new Map(),
  };
  private readonly reads: Read[] = [];
  private readonly answers: string[] = [];
  /** The moment when the answer became what it is. */
  private readonly changedAt: number[] = [];
  private moment = 0;

  constructor(private port: FilePort) {}

  /** Asks everything again. From here on `port` answers. */
  refresh(port: FilePort): void {
    this.port = port;
    this.moment++;
    for (const [number, read] of this.reads.entries()) {
      const answer = answerOf(port, read);
      if (answer === this.answers[number]) continue;
      this.answers[number] = answer;
      this.changedAt[number] = this.moment;
    }
  }

  record(reads: readonly Read[]): ReadRecord {
    return { numbers: Int32Array.from(reads, read => this.numberOf(read)), moment: this.moment };
  }

  /** Every answer is still the same. */
  holds({ numbers, moment }: ReadRecord): boolean {
    return numbers.every(number => (this.changedAt[number] ?? this.moment) <= moment);
  }

  readsOf({ numbers }: ReadRecord): Read[] {
    return Array.from(numbers).flatMap(number => this.reads[number] ?? []);
  }

  private numberOf(read: Read): number {
    const numbers = this.numbers[read.kind];
    const known = numbers.get(read.path);
    if (known !== undefined) return known;
    const number = this.reads.length;
    numbers.set(read.path, number);
    this.reads.push(read);
    this.answers.push(answerOf(this.port, read));
    this.changedAt.push(this.moment);
    return number;
  }
}

const ANSWERS: Readonly<Record<ReadKind, (port: FilePort, path: string) => string>> = {
  file: (port, path) => {
    const read = port.read(path);
    return read.kind === "text" ? read.text : `\0${JSON.stringify(read)}`;
  },
  directory: (port, path) => {
    const read = port.list(path);
    if (read.kind !== "entries") return JSON.stringify(read);
    return Array.from(read.entries, ([name, kind]) => `${kind} ${name}`)
      .sort()
      .join("\n");
  },
  existence: (port, path) => port.kindOf(path),
};

function answerOf(port: FilePort, { kind, path }: Read): string {
  return ANSWERS[kind](port, path);
}
