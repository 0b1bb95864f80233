// What a file is given to work with: the names that the outputs of a flake, or the function that a file is, bind.

/** Whether `outputs` of a flake, or else the function of a file, takes an argument of that name. */
export function takesArgument(text: string, name: string): boolean {
  return argumentsOf(text).includes(name);
}

function argumentsOf(text: string): readonly string[] {
  const found = OUTPUTS.exec(text) ?? FUNCTION.exec(text);
  if (found === null) return [];
  const [, before, formals = "", alone, behind] = found;
  const names = formals.split(",").map(formal => /^\s*([\w'-]+)/.exec(formal.replace(/#.*/g, ""))?.[1]);
  return [before, alone, behind, ...names].flatMap(each => each ?? []);
}

/** `args@{ a, b }@args:` or `args:`, as Nix writes what a function takes. */
const FORMALS = /(?:([\w'-]+)\s*@\s*)?(?:\{([^{}]*)\}|([\w'-]+))\s*(?:@\s*([\w'-]+)\s*)?:/.source;
const OUTPUTS = new RegExp(`\\boutputs\\s*=\\s*${FORMALS}`);
const FUNCTION = new RegExp(`^(?:\\s|#.*\n)*${FORMALS}(?![/:])`);
