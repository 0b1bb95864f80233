// The command line `nix-deploy`: finds the command, runs it, and is the one place that turns what went wrong into a line
// on stderr and an exit code. 0: nothing to say, 1: findings, 2: wrong usage or unreadable input.

import { check } from "./cli/check";
import type { Command, Output } from "./cli/command";
import { evaluate } from "./cli/eval";
import { fix } from "./cli/fix";
import { fleet } from "./cli/fleet";
import { keygen } from "./cli/keygen";
import { lsp } from "./cli/lsp";
import { rules } from "./cli/rules";
import { UserError } from "./cli/userError";
import { loadPackageVersion } from "./io/packageVersion";

const COMMANDS: readonly Command[] = [check, fix, fleet, evaluate, rules, keygen, lsp];

const output: Output = {
  print: text => void process.stdout.write(text),
  warn: line => void process.stderr.write(`nix-deploy: ${line}\n`),
};

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || (isHelp(name) && args[0] === undefined)) {
    output.print(help());
    return name === undefined ? 2 : 0;
  }
  if (isHelp(name)) return printUsage(requireCommand(args[0]));
  if (name === "--version" || name === "-V") {
    output.print(`${loadPackageVersion(__dirname)}\n`);
    return 0;
  }
  const command = requireCommand(name);
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  if (options.includes("--help") || options.includes("-h")) return printUsage(command);
  return await command.run(args, output);
}

function isHelp(word: string): boolean {
  return word === "help" || word === "--help" || word === "-h";
}

function requireCommand(name: string | undefined): Command {
  const command = COMMANDS.find(each => each.name === name);
  if (command === undefined) throw new UserError(`there is no command "${name}": nix-deploy help lists them`);
  return command;
}

function printUsage({ usage, summary }: Command): number {
  output.print(`usage: nix-deploy ${usage}\n\n${summary}.\n`);
  return 0;
}

function help(): string {
  const lines = COMMANDS.map(({ usage, summary }) => `  nix-deploy ${usage}\n      ${summary}`);
  return `Checks binary caches, keys and deploy settings of NixOS repositories.\n\n${lines.join("\n")}\n`;
}

// A reader that has seen enough (`| head`) is no error, a full disk is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  output.warn(`the result cannot be written: ${error.message}`);
  process.exit(2);
});
// Whoever does not want to hear of errors has them told by the exit code alone.
process.stderr.on("error", () => undefined);

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    output.warn(
      error instanceof UserError ? message : `internal error: ${message.split("\n")[0]}; please report it`,
    );
    process.exitCode = 2;
  },
);
