// The fleet out of the files of a revision: every entry point is read on its own, and read again only when something
// that it read has changed.

import type { FleetBuilder, NixParser, Sources } from "../analysis";
import type { Read } from "../eval/dependencies";
import { createEvaluator, type Evaluator, type EvaluatorPorts, type Limits } from "../eval/evaluator";
import type { FilePort, ReadLog } from "../eval/files";
import { isNixConf } from "../facts/readFacts";
import { nixpkgsImport, searchPathValue } from "../models/nixpkgsFiles";
import { isDeploySpecification } from "./cachixDeploy";
import type { EntryPoint, EntryPointKind, EvaluationProblem, Fleet, Host, NixConfig } from "./fleet";
import { isHiveFile } from "./hiveFile";
import { joinHosts } from "./hostDraft";
import { filesOnMachine } from "./machineFiles";
import type { Parts } from "./parts";
import { type EntryPointContent, type EntryPointFile, readEntryPoint } from "./readEntryPoint";
import { Reading } from "./reading";
import { type ReadRecord, ReadTable } from "./readTable";
import { SourceFiles } from "./sourceFiles";
import { withToldSettings } from "./toldSettings";
import { filesOfFlake } from "./trackedFiles";
import { withUnchanged } from "./unchangedHosts";

export interface FleetBuilderPorts {
  readonly parser: NixParser;
  readonly hash: EvaluatorPorts["hash"];
  readonly parseToml: EvaluatorPorts["parseToml"];
  /** How much one entry point may cost. */
  readonly limits?: Partial<Limits>;
}

/** One entry point as it was read. */
interface ReadEntryPoint {
  readonly content: EntryPointContent;
  readonly entryPoint: EntryPoint;
  readonly problems: readonly EvaluationProblem[];
  readonly filesRead: ReadonlySet<string>;
  readonly reads: ReadRecord;
  /** What was asked for it, as it sees the files. */
  readonly table: ReadTable;
  /** Its parts, each good for as long as what it rests on. */
  readonly parts: Parts;
  /**
   * How much of what one reading may cost was spent since the last that used no part: reading all of it now costs no more.
   * Where that could meet a limit, it has to be done, because what is known then hangs on the order.
   */
  readonly spent: number;
}

const NO_PARTS: Parts = new Map();

/** Of what one reading may cost: so much may be spent on changes before all is read again. */
const ENOUGH = 0.5;

/** A builder that remembers what it read. One for each workspace. */
export function createFleetBuilder(ports: FleetBuilderPorts): FleetBuilder {
  return new Builder(ports).build;
}

class Builder {
  private readonly known = new Map<string, ReadEntryPoint>();
  private readonly evaluator: Evaluator;
  private sources: Sources | undefined;
  /** What the entry point that is being read sees. */
  private files: FilePort | undefined;
  private flakeFolders: readonly string[] = [];
  private hosts: readonly Host[] = [];

  constructor(private readonly ports: FleetBuilderPorts) {
    const outside = { kind: "unavailable", reason: "no files yet" } as const;
    this.evaluator = createEvaluator(
      {
        parse: (path, text) => this.parse(path, text),
        files: {
          read: path => this.files?.read(path) ?? outside,
          list: path => this.files?.list(path) ?? outside,
          kindOf: path => this.files?.kindOf(path) ?? "unavailable",
        },
        hash: ports.hash,
        parseToml: ports.parseToml,
      },
      {
        ...(ports.limits === undefined ? {} : { limits: ports.limits }),
        inStore: path => this.flakeFolders.some(folder => path === folder || path.startsWith(`${folder}/`)),
        importPath: nixpkgsImport,
        searchPath: searchPathValue,
      },
    );
  }

  readonly build: FleetBuilder = sources => {
    this.sources = sources;
    const onDisk = new SourceFiles(sources);
    const candidates = entryPointFiles(sources).sort(byDepth);
    this.setFlakeFolders(candidates.filter(each => each.kind === "flake").map(each => folderOf(each.path)));
    const read: ReadEntryPoint[] = [];
    for (const kinds of READING_ORDER) {
      const files = candidates.filter(each => kinds.includes(each.kind) && standsAlone(each, read));
      read.push(...files.map(each => this.read(sources, each, onDisk)));
    }
    const current = new Set(read.map(each => each.entryPoint.path));
    for (const path of this.known.keys()) if (!current.has(path)) this.known.delete(path);
    const fleet = withToldSettings(
      { ...fleetOf(read), nixConfigs: nixConfigsOf(sources, read) },
      sources.observations,
    );
    this.hosts = withUnchanged(fleet.hosts, this.hosts);
    return { ...fleet, hosts: this.hosts };
  };

  private parse(path: string, text: string) {
    const file = this.sources?.text(path) === text ? this.sources.file(path) : undefined;
    return file ?? this.ports.parser.parse(path, text);
  }

  /** What is in the store hangs on them, so nothing that was read holds when they change. */
  private setFlakeFolders(folders: readonly string[]): void {
    if (folders.join("\0") !== this.flakeFolders.join("\0")) this.known.clear();
    this.flakeFolders = folders;
  }

  private read(sources: Sources, file: EntryPointFile, onDisk: SourceFiles): ReadEntryPoint {
    this.files = filesOf(sources, file, onDisk);
    const known = this.known.get(file.path);
    const before = known?.entryPoint.kind === file.kind ? known : undefined;
    before?.table.refresh(this.files);
    if (before?.table.holds(before.reads) === true) return before;
    const result =
      (before === undefined ? undefined : this.readAgain(sources, file, before)) ??
      this.readNow(sources, file, { parts: NO_PARTS, spent: 0, table: new ReadTable(this.files) });
    this.known.set(file.path, result);
    return result;
  }

  /** With the parts that still hold; undefined where that might say something else than reading it all. */
  private readAgain(
    sources: Sources,
    file: EntryPointFile,
    before: ReadEntryPoint,
  ): ReadEntryPoint | undefined {
    if (before.parts.size === 0 || before.spent > ENOUGH) return undefined;
    const result = this.readNow(sources, file, before);
    return result.parts.size === 0 || result.spent >= 1 ? undefined : result;
  }

  private readNow(
    sources: Sources,
    file: EntryPointFile,
    { parts, spent, table }: Pick<ReadEntryPoint, "parts" | "spent" | "table">,
  ): ReadEntryPoint {
    const ctx = this.evaluator.start();
    const reading = new Reading(ctx, file.path, {
      facts: path => sources.facts(path),
      file: path => sources.file(path),
      table,
      before: parts,
    });
    const content = readBounded(reading, file.kind);
    ctx.noteRead("file", file.path);
    if (ctx.exhausted) reading.note("it is more than is evaluated here");
    const why = [...reading.why];
    return {
      content,
      entryPoint: { path: file.path, kind: file.kind, complete: why.length === 0, why },
      problems: reading.problems,
      filesRead: ctx.reads.files,
      reads: table.record(allReads(ctx.reads)),
      table,
      parts: ctx.limited ? NO_PARTS : reading.parts,
      spent: ctx.spent + (reading.hasOldParts ? spent : 0),
    };
  }
}

function allReads(log: ReadLog): Read[] {
  const of = (kind: Read["kind"], paths: Iterable<string>): Read[] =>
    Array.from(paths, path => ({ kind, path }));
  return [...of("file", log.files), ...of("directory", log.directories), ...of("existence", log.existence)];
}

/** Nesting beyond the stack ends the reading of this entry point, not the program. */
function readBounded(reading: Reading, kind: EntryPointKind): EntryPointContent {
  try {
    return readEntryPoint(reading, kind);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reading.ctx.meetLimit();
    reading.note("it is nested more deeply than is evaluated here");
    return { hosts: [], deployOutputs: [], flakeOutputs: [] };
  }
}

/** What a flake reads is no entry point of its own; what a hive reads neither. */
const READING_ORDER: readonly (readonly EntryPointKind[])[] = [
  ["flake"],
  ["hive"],
  ["configuration", "nix.conf", "cachix-deploy"],
];

/** What an entry point sees of the files on disk. */
function filesOf(sources: Sources, { path, kind }: EntryPointFile, onDisk: SourceFiles): FilePort {
  if (kind === "flake") return filesOfFlake(sources, path, onDisk);
  return kind === "configuration" ? filesOnMachine(onDisk) : onDisk;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** The files that may be entry points, by their names. */
function entryPointFiles(sources: Sources): EntryPointFile[] {
  return sources.paths.flatMap((path): EntryPointFile[] => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === "flake.nix") return [{ path, kind: "flake" }];
    if (name === "hive.nix") return isHiveFile(sources.file(path)) ? [{ path, kind: "hive" }] : [];
    if (name === "configuration.nix") return [{ path, kind: "configuration" }];
    if (isNixConf(path)) return [{ path, kind: "nix.conf" }];
    if (name.endsWith("deploy.json") && isDeploySpecification(sources.text(path) ?? ""))
      return [{ path, kind: "cachix-deploy" }];
    return [];
  });
}

/**
 * A hive.nix or configuration.nix that no other entry point reads. Below a flake or hive that could not be read
 * completely it may still belong to that one.
 */
function standsAlone({ path, kind }: EntryPointFile, read: readonly ReadEntryPoint[]): boolean {
  if (kind !== "hive" && kind !== "configuration") return true;
  for (const { entryPoint, filesRead } of read) {
    if (entryPoint.kind === kind || (entryPoint.kind !== "flake" && entryPoint.kind !== "hive")) continue;
    if (filesRead.has(path)) return false;
    const below = path.startsWith(`${folderOf(entryPoint.path)}/`);
    if (kind === "configuration" && !entryPoint.complete && below) return false;
  }
  return true;
}

/** What stands nearer to the root names its hosts first. */
function byDepth(a: EntryPointFile, b: EntryPointFile): number {
  return a.path.split("/").length - b.path.split("/").length || (a.path < b.path ? -1 : 1);
}

/** The settings in `nixConfig` of the flakes that are entry points. */
function nixConfigsOf(sources: Sources, read: readonly ReadEntryPoint[]): readonly NixConfig[] {
  return read.flatMap(({ entryPoint: { path, kind } }) => {
    const facts = kind === "flake" ? sources.facts(path) : undefined;
    const settings = facts?.settings.filter(({ surface }) => surface === "flake") ?? [];
    if (settings.length === 0) return [];
    const own = { path, options: [], settings, confs: [], computedFlakeConfig: [], texts: [] };
    return [{ entryPoint: path, facts: own }];
  });
}

function fleetOf(read: readonly ReadEntryPoint[]): Omit<Fleet, "nixConfigs"> {
  return {
    hosts: joinHosts(read.flatMap(each => each.content.hosts)),
    entryPoints: read.map(each => each.entryPoint),
    problems: read.flatMap(each => each.problems),
    deployOutputs: read.flatMap(each => each.content.deployOutputs),
    flakeOutputs: read.flatMap(each => each.content.flakeOutputs),
  };
}
