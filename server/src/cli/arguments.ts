// Reads the arguments of one command: node's parser, with its complaints as one line that names the usage.

import { parseArgs } from "node:util";
import { UserError } from "./userError";

type OptionTypes = Readonly<Record<string, "string" | "boolean">>;

export interface Arguments {
  readonly positionals: readonly string[];
  /** The value of `--name VALUE`. */
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
}

/** Parses strictly; an unknown option or a missing value is a UserError. */
export function readArguments(args: readonly string[], types: OptionTypes, usage: string): Arguments {
  const options = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }]));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return {
      positionals,
      text: name => {
        const value = values[name];
        return typeof value === "string" ? value : undefined;
      },
      flag: name => values[name] === true,
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [what = error.message] = error.message.split(/\.\s|\n/);
    throw new UserError(`${what}; usage: nix-deploy ${usage}`);
  }
}

/** The value of an option that has to be one of a few words. */
export function oneOf<T extends string>(
  args: Arguments,
  name: string,
  allowed: readonly T[],
  otherwise: T,
): T {
  const given = args.text(name);
  if (given === undefined) return otherwise;
  const found = allowed.find(word => word === given);
  if (found !== undefined) return found;
  throw new UserError(`--${name} must be one of ${allowed.join(", ")}, not "${given}"`);
}
