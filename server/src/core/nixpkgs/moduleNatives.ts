// The functions of lib.modules that evaluate modules or make modules: evalModules, importApply, the renames.

import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  type Lazy,
  lazily,
  listValue,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { type Configuration, evalModules, type ModulesInput, type ModuleWorld } from "../modules/evalModules";
import { Model } from "../modules/model";
import { type Call, type Natives, native1, native2, native3 } from "../modules/native";
import { EMPTY_ARGS, openArgs, remember } from "../modules/types/submodule";
import { typeValue } from "./typeValue";

/** What evalModules made, behind the set that it gave and behind its `config`. */
export const configurations = new Model<Configuration>();

/** The arguments of an evalModules-like call as the module system takes them. */
export function modulesInput(call: Call, args: AttrsValue): ModulesInput | Value {
  const { ctx } = call;
  const given = args.attrs.get("modules");
  const modules = given === undefined ? listValue([]) : ctx.force(given.value);
  if (modules.kind === "error") return modules;
  const special = args.attrs.get("specialArgs");
  const specialArgs = special === undefined ? EMPTY_ARGS : ctx.force(special.value);
  if (specialArgs.kind === "error") return specialArgs;
  const prefix = args.attrs.get("prefix");
  const path = prefix === undefined ? undefined : ctx.force(prefix.value);
  const names = path?.kind === "list" ? path.items.map(item => ctx.force(item)) : [];
  const open = modules.kind === "list" ? modules.open : "the list of modules is not known";
  return {
    modules: modules.kind === "list" ? modules.items : [],
    ...(open === undefined ? {} : { open }),
    specialArgs: specialArgs.kind === "attrs" ? specialArgs : openArgs("specialArgs that are not known"),
    prefix: names.map(name => (name.kind === "string" ? name.text : "?")),
  };
}

/** The set that evalModules gives, with more attributes of the caller's. */
export function configurationValue(
  call: Call,
  world: ModuleWorld,
  input: ModulesInput,
  extra: Readonly<Record<string, Lazy>>,
): AttrsValue {
  const configuration = evalModules(call.ctx, world, input);
  const again = native1("extendModules", (inner, lazy) => extendModules(inner, world, input, extra, lazy));
  const attrs = new Map<string, Attr>(
    Object.entries({
      _type: stringValue("configuration"),
      config: configuration.config,
      options: configuration.options,
      _module: configuration.internals,
      extendModules: again,
      type: lazily(() =>
        typeValue(
          remember({ modules: input.modules, specialArgs: input.specialArgs, shorthand: false, world }),
        ),
      ),
      class: unknownValue("the class of modules"),
      graph: unknownValue("the graph of modules"),
      ...extra,
    }).map(([name, value]) => [name, attrOf(value, call.site)]),
  );
  return configurations.mark(attrsValue(attrs, call.site), configuration);
}

function extendModules(
  call: Call,
  world: ModuleWorld,
  input: ModulesInput,
  extra: Readonly<Record<string, Lazy>>,
  lazy: Lazy,
): Value {
  return call.ctx.useAttrs(lazy, call.site, args => {
    const more = modulesInput(call, args);
    if ("kind" in more) return more;
    const special = new Map([...input.specialArgs.attrs, ...more.specialArgs.attrs]);
    const open = more.open ?? input.open;
    const both: ModulesInput = {
      modules: [...input.modules, ...more.modules],
      ...(open === undefined ? {} : { open }),
      specialArgs: { ...input.specialArgs, attrs: special },
      prefix: args.attrs.has("prefix") ? more.prefix : input.prefix,
    };
    return configurationValue(call, world, both, extra);
  });
}

/** A module that is not followed: what it declares and defines is not known. */
function opaqueModule(what: string): (call: Call) => Value {
  return ({ site }) => unknownValue(what, site);
}

export function moduleNatives(world: ModuleWorld): Natives {
  return {
    evalModules: native1("evalModules", (call, lazy) =>
      call.ctx.useAttrs(lazy, call.site, args => {
        const input = modulesInput(call, args);
        return "kind" in input ? input : configurationValue(call, world, input, {});
      }),
    ),
    importApply: native2("importApply", ({ ctx, site }, path, args) =>
      ctx.use(path, value =>
        value.kind === "path"
          ? ctx.call(ctx.importFile(value.path, site), [args], site)
          : unknownValue("importApply of something that is no path", site),
      ),
    ),
    setDefaultModuleLocation: native2("setDefaultModuleLocation", ({ site }, file, module) =>
      attrsOf({ _file: file, imports: listValue([module]) }, site),
    ),
    mkRenamedOptionModule: native2("mkRenamedOptionModule", opaqueModule("renamed option")),
    mkRemovedOptionModule: native2("mkRemovedOptionModule", opaqueModule("removed option")),
    mkAliasOptionModule: native2("mkAliasOptionModule", opaqueModule("alias of an option")),
    mkRenamedOptionModuleWith: native1("mkRenamedOptionModuleWith", opaqueModule("renamed option")),
    mkChangedOptionModule: native3("mkChangedOptionModule", opaqueModule("changed option")),
    mkMergedOptionModule: native3("mkMergedOptionModule", opaqueModule("merged option")),
    mkAliasDefinitions: native1("mkAliasDefinitions", ({ site }) =>
      unknownValue("definitions of another option", site),
    ),
    doRename: native1("doRename", opaqueModule("renamed option")),
  };
}
