// What a command of the command line is: it gets its arguments and answers the exit code.

/** Where a command writes; a test collects it. */
export interface Output {
  /** To stdout. */
  readonly print: (text: string) => void;
  /** One line to stderr. */
  readonly warn: (line: string) => void;
}

export interface Command {
  readonly name: string;
  /** `check [PATH…] [--format text|json|sarif|github]` */
  readonly usage: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** 0: nothing to say, 1: findings or an evaluation error. Throws UserError for 2. */
  readonly run: (args: readonly string[], output: Output) => Promise<number>;
}
