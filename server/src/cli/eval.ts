// `nix-deploy eval`: what reading alone tells of a file's value, without Nix.

import { evalFileToJson, parseAttrPath } from "../core/eval/evalFile";
import type { Evaluation } from "../core/eval/evaluation";
import { createEvaluator } from "../core/eval/evaluator";
import { openFlake } from "../core/models/flake";
import { evaluatorPorts } from "../io/evaluatorPorts";
import { corePath, readTextFile } from "../io/fileSystem";
import { loadParser } from "../io/grammar";
import { readArguments } from "./arguments";
import type { Command } from "./command";
import { UserError } from "./userError";

const USAGE = "eval FILE [--attr a.b.c] [--strict]";

export const evaluate: Command = {
  name: "eval",
  usage: USAGE,
  summary: "Print the value of a file as JSON, as far as it can be told without Nix",
  async run(given, output) {
    const args = readArguments(given, { attr: "string", strict: "boolean" }, USAGE);
    const [file, surplus] = args.positionals;
    if (file === undefined || surplus !== undefined) throw new UserError(`usage: nix-deploy ${USAGE}`);
    const attr = args.text("attr") ?? "";
    const attrPath = parseAttrPath(attr);
    if (attrPath === undefined) throw new UserError(`"${attr}" is no attribute path such as a."b.c".d`);
    const path = corePath(file);
    const text = await readTextFile(path);
    if (text.kind === "gone") throw new UserError(`${file}: no such file`);
    if (text.kind === "unreadable") throw new UserError(`${file} ${text.problem.message}`);
    const parser = await loadParser();
    const ports = evaluatorPorts((each, content) => parser.parse(each, content));
    const evaluator = createEvaluator(ports, { strict: true });
    const folder = path.slice(0, path.lastIndexOf("/"));
    const flake = path.endsWith("/flake.nix")
      ? { outputs: (ctx: Evaluation) => openFlake(ctx, folder).outputs }
      : {};
    const request = { path, strict: args.flag("strict"), attrPath, ...flake };
    const answer = evalFileToJson(evaluator, request, each => {
      const read = ports.files.read(each);
      return read.kind === "text" ? read.text : undefined;
    });
    if (answer.kind === "error") {
      output.warn(answer.message.replaceAll("\n", " "));
      return 1;
    }
    output.print(`${answer.text.trimEnd()}\n`);
    return 0;
  },
};
