// evalModules: from modules to `config` and `options`. What is not read (modules of unknown inputs, options that the
// base declares and we do not know) leaves the results open instead of wrong.

import type { Evaluation } from "../eval/evaluation";
import type { Kept } from "../eval/resting";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  boolValue,
  type ErrorValue,
  errorValue,
  type FunctionValue,
  type Lazy,
  lazily,
  listValue,
  nativeFunction,
  openAttrs,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { DefinitionTree } from "./definitionTree";
import { type LoadedModules, type Loader, loadModules } from "./loadModule";
import { mergeDefinitions } from "./mergeDefinitions";
import { moduleArguments } from "./moduleArguments";
import { type Declaration, type Option, type OptionNode, optionNode } from "./optionTree";
import { type Loc, showLoc } from "./optionType";
import { optionValue } from "./optionValue";
import { type Definition, definition } from "./properties";
import { firstUnmatched, type ModuleParts, withFreeform } from "./unmatchedDefinitions";

/** What surrounds an evaluation of modules. */
export interface ModuleWorld {
  /** nixpkgs' lib, as modules get it. */
  readonly lib: Lazy;
  /** Options that exist besides the declared ones: why they are not known ("an option of NixOS"). Absent: none do. */
  readonly undeclared?: string;
  /** A module that a model knows better than reading it; see Loader. */
  readonly known?: (value: Value) => Lazy | undefined;
  /** Whether modules that cannot be read, for this reason, certainly leave an option alone. */
  readonly untouched?: (loc: Loc, reason: string) => boolean;
}

export interface ModulesInput {
  readonly modules: readonly Lazy[];
  /** More modules that are certainly there but cannot be read: why. */
  readonly open?: string;
  readonly specialArgs: AttrsValue;
  readonly prefix: Loc;
}

/** One evaluation of modules, its parts computed by need. */
export interface Configuration {
  readonly config: Lazy;
  readonly options: Lazy;
  /** `_module` of the result. */
  readonly internals: Lazy;
  /** All definitions, by option path. */
  readonly definitions: () => DefinitionTree;
  readonly loaded: () => LoadedModules;
  readonly input: ModulesInput;
  /** The value of one option that is declared; undefined for one that is not. */
  readonly option: (loc: Loc) => Value | undefined;
}

export function evalModules(ctx: Evaluation, world: ModuleWorld, input: ModulesInput): Configuration {
  return new ModuleSystem(ctx, world, input).configuration();
}

class ModuleSystem {
  private loadedModules: Kept<LoadedModules> | undefined;
  private isLoading = false;
  private tree: Kept<DefinitionTree> | undefined;
  private declarations: Kept<readonly Declaration[]> | undefined;
  private readonly nodes = new Map<string, Kept<OptionNode | undefined>>();
  private readonly values = new Map<string, Lazy>();
  private readonly uncheckedConfig: Lazy = lazily(() => this.loadError() ?? this.configAt([]));
  /** The values as modules see them: with `_module`, and before anybody looks for definitions without an option. */
  private readonly config: Lazy = lazily(ctx => {
    const value = ctx.force(this.uncheckedConfig);
    if (value.kind !== "attrs") return value;
    const attrs = new Map(value.attrs);
    attrs.set("_module", attrOf(lazily(() => this.moduleInternals())));
    return { ...value, attrs };
  });
  private readonly options: Lazy = lazily(() => this.loadError() ?? this.optionsAt([]));
  private readonly parts: ModuleParts;

  constructor(
    private readonly ctx: Evaluation,
    private readonly world: ModuleWorld,
    private readonly input: ModulesInput,
  ) {
    this.parts = {
      ctx,
      prefix: input.prefix,
      node: loc => this.node(loc),
      definitions: () => this.definitions(),
    };
  }

  configuration(): Configuration {
    return {
      config: lazily(ctx => this.unmatched() ?? ctx.force(this.uncheckedConfig)),
      options: lazily(ctx => this.unmatched() ?? ctx.force(this.options)),
      internals: lazily(() => this.moduleInternals()),
      definitions: () => this.definitions(),
      loaded: () => this.loaded(),
      input: this.input,
      option: loc => {
        const node = this.node(loc);
        return node?.kind === "option" ? this.ctx.force(this.value(node)) : undefined;
      },
    };
  }

  private loaded(): LoadedModules {
    this.loadedModules ??= this.ctx.keep(() => this.load());
    return this.ctx.recall(this.loadedModules);
  }

  private load(): LoadedModules {
    const attrs = new Map<string, Attr>([
      ["lib", attrOf(this.world.lib)],
      ["config", attrOf(this.config)],
      ["options", attrOf(this.options)],
      ["specialArgs", attrOf(this.input.specialArgs)],
      ["_class", attrOf(unknownValue("the class of modules"))],
      ["_prefix", attrOf(listValue(this.input.prefix.map(each => stringValue(each))))],
      ...this.input.specialArgs.attrs,
    ]);
    const { open } = this.input.specialArgs;
    const loader: Loader = {
      ctx: this.ctx,
      args: open === undefined ? attrsValue(attrs) : openAttrs(attrs, open),
      lateArgument: (name, fn) => lazily(() => this.lateArgument(name, fn)),
      known: this.world.known ?? (() => undefined),
    };
    this.isLoading = true;
    const loaded = loadModules(loader, this.input.modules);
    this.isLoading = false;
    const unknown = this.input.open === undefined ? loaded.unknown : [...loaded.unknown, this.input.open];
    return { ...loaded, unknown };
  }

  private moduleArgs(): AttrsValue {
    return moduleArguments(this.definitions().at(["_module", "args"]));
  }

  private lateArgument(name: string, fn: FunctionValue): Value {
    if (this.isLoading) return this.argumentForImports(name, fn);
    const args = this.moduleArgs();
    const attr = args.attrs.get(name);
    if (attr !== undefined) return this.ctx.force(attr.value);
    const open = args.open ?? this.input.specialArgs.open;
    if (open !== undefined) return unknownValue(open, fn.span);
    const candidates = [
      ...args.attrs.keys(),
      ...this.input.specialArgs.attrs.keys(),
      "config",
      "lib",
      "options",
    ];
    return errorValue("missing-argument", `attribute '${name}' missing`, fn.span, { name, candidates });
  }

  /** While imports are looked for, arguments out of `_module.args` wait for all modules, which wait for the imports. */
  private argumentForImports(name: string, fn: FunctionValue): Value {
    const { open, attrs } = this.input.specialArgs;
    if (open !== undefined) return unknownValue(open, fn.span);
    const subject = { name, candidates: [...attrs.keys()], forImports: true } as const;
    return errorValue("missing-argument", `attribute '${name}' missing`, fn.span, subject);
  }

  private definitions(): DefinitionTree {
    this.tree ??= this.ctx.keep(() => this.definitionTree());
    return this.ctx.recall(this.tree);
  }

  private definitionTree(): DefinitionTree {
    const { modules, unknown } = this.loaded();
    const roots = modules.toReversed().map(
      (module): Definition => ({
        ...definition(module.config, { path: module.path }, module.span),
        conditions: module.conditions,
      }),
    );
    return new DefinitionTree(this.ctx, roots, unknown[0]);
  }

  private declared(): readonly Declaration[] {
    this.declarations ??= this.ctx.keep(() =>
      this.loaded()
        .modules.toReversed()
        .flatMap(module =>
          module.options === undefined
            ? []
            : [{ options: module.options, path: module.path, nameSpan: undefined }],
        ),
    );
    return this.ctx.recall(this.declarations);
  }

  private node(loc: Loc): OptionNode | undefined {
    const key = keyOf(loc);
    const node = this.nodes.get(key) ?? this.ctx.keep(() => this.findNode(loc));
    if (node.value !== undefined) this.nodes.set(key, node);
    return this.ctx.recall(node);
  }

  private findNode(loc: Loc): OptionNode | undefined {
    const name = loc.at(-1);
    if (name === undefined) {
      const root = optionNode(this.ctx, this.input.prefix, this.declared());
      return root.kind === "option"
        ? errorValue("throw", "the root of options is an option", root.declared)
        : root;
    }
    const parent = this.node(loc.slice(0, -1));
    if (parent === undefined || parent.kind !== "set") return undefined;
    const declarations = parent.children.get(name);
    return declarations === undefined
      ? undefined
      : optionNode(this.ctx, [...this.input.prefix, ...loc], declarations);
  }

  /** The value of a declared option. */
  private value(option: Option): Lazy {
    const loc = option.loc.slice(this.input.prefix.length);
    const key = keyOf(loc);
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const value = lazily(ctx => {
      const parent = this.definitions().at(loc.slice(0, -1));
      if (parent.error !== undefined) return parent.error;
      const open = parent.open === undefined || this.isUntouched(loc) ? undefined : parent.open;
      return optionValue(ctx, option, { own: parent.definitionsOf(loc.at(-1) ?? ""), open });
    });
    this.values.set(key, value);
    return value;
  }

  /** Whether modules that cannot be read, if there are any, leave this option alone. */
  private isUntouched(loc: Loc): boolean {
    const { untouched } = this.world;
    return untouched !== undefined && this.loaded().unknown.every(reason => untouched(loc, reason));
  }

  /** The set of values below a set of options. */
  private configAt(loc: Loc): Value {
    const node = this.node(loc);
    if (node === undefined) return unknownValue(this.world.undeclared ?? "an unknown option");
    if (node.kind === "error") return node;
    if (node.kind === "option") return this.ctx.force(this.value(node));
    const attrs = new Map<string, Attr>();
    for (const name of node.children.keys()) {
      if (loc.length === 0 && name === "_module") continue;
      const value = lazily(() => this.configAt([...loc, name]));
      attrs.set(name, { value, nameSpan: undefined, span: undefined, computed: true });
    }
    const open = node.open ?? this.world.undeclared ?? this.unread();
    const set = open === undefined ? attrsValue(attrs) : openAttrs(attrs, open);
    return loc.length === 0 ? withFreeform(this.parts, set) : set;
  }

  private unread(): string | undefined {
    return this.loaded().unknown[0];
  }

  /** An error that Nix raises before anything of `config` is seen, by modules too. */
  private loadError(): ErrorValue | undefined {
    return this.loaded().errors[0];
  }

  /** An error that Nix raises only for those who use the result: modules need the values to say what they define. */
  private unmatched(): ErrorValue | undefined {
    if (this.world.undeclared !== undefined || this.unread() !== undefined) return undefined;
    return this.loadError() === undefined ? firstUnmatched(this.parts) : undefined;
  }

  private moduleInternals(): Value {
    return openAttrs(
      new Map([
        ["args", attrOf(lazily(() => this.moduleArgs()))],
        ["specialArgs", attrOf(this.input.specialArgs)],
      ]),
      "an internal of the module system",
    );
  }

  /** `options`, as modules see it. */
  private optionsAt(loc: Loc): Value {
    const node = this.node(loc);
    if (node === undefined) return unknownValue(this.world.undeclared ?? "an unknown option");
    if (node.kind === "error") return node;
    if (node.kind === "option") return this.optionSet(node);
    const attrs = new Map<string, Attr>();
    for (const name of node.children.keys()) {
      attrs.set(name, attrOf(lazily(() => this.optionsAt([...loc, name]))));
    }
    const open = node.open ?? this.world.undeclared ?? this.unread();
    if (loc.length === 0) attrs.set("_module", attrOf(lazily(() => this.moduleInternals())));
    return open === undefined ? attrsValue(attrs) : openAttrs(attrs, open);
  }

  private optionSet(option: Option): Value {
    const loc = option.loc.slice(this.input.prefix.length);
    const defined = lazily(ctx => {
      const parent = this.definitions().at(loc.slice(0, -1));
      if (parent.open !== undefined) return unknownValue(parent.open);
      const own = parent.definitionsOf(loc.at(-1) ?? "");
      if (option.fallback !== undefined) return boolValue(true);
      const value = mergeDefinitions(ctx, loc, DEFINED, own);
      return value.kind === "error" ? boolValue(false) : value;
    });
    const added = attrsOf({
      loc: listValue(option.loc.map(each => stringValue(each))),
      value: this.value(option),
      isDefined: defined,
      _type: stringValue("option"),
      __toString: nativeFunction("showOption", 1, () => stringValue(showLoc(option.loc))),
    });
    const attrs = new Map([...option.written.attrs, ...added.attrs]);
    return openAttrs(attrs, "a part of an option");
  }
}

/** Any value, of which only the existence counts. */
const DEFINED = {
  name: "defined",
  description: "anything",
  check: () => true,
  merge: () => boolValue(true),
} as const;

/** A name has no NUL in it, but may be empty: `[""]` is not `[]`. */
function keyOf(loc: Loc): string {
  return `${loc.length} ${loc.join("\0")}`;
}
