// Makes Nix's errors fit the problem matcher $nix: message and place on two lines that follow each other, and places in a
// copy of the project in the store led back to the project itself.

export interface SourceFiles {
  /** Whether both files exist and have the same text. */
  same(storePath: string, projectPath: string): boolean;
}

/** Takes the lines of one process, one after the other. */
export class NixErrorLines {
  readonly #root: string;
  readonly #files: SourceFiles;
  #afterError = false;
  #heldBlank = false;

  constructor(root: string, files: SourceFiles) {
    this.#root = root;
    this.#files = files;
  }

  /** The lines to print for the next line. */
  next(line: string): readonly string[] {
    if (this.#afterError && line.trim() === "" && !this.#heldBlank) {
      this.#heldBlank = true;
      return [];
    }
    const place = /^(\s*at )(\/\S.*?)(:\d+:\d+:?)\s*$/.exec(line);
    const held = this.#heldBlank && place === null ? [""] : [];
    this.#heldBlank = false;
    this.#afterError = /^\s*error: \S/.test(line);
    if (place === null) return [...held, line];
    const [, before = "", path = "", position = ""] = place;
    return [`${before}${this.#ownPath(path)}${position}`];
  }

  /** What was held back, at the end. */
  end(): readonly string[] {
    return this.#heldBlank ? [""] : [];
  }

  #ownPath(path: string): string {
    const inStore = /^\/nix\/store\/[0-9a-z]{32}-[^/]+(\/.+)$/.exec(path)?.[1];
    if (inStore === undefined) return path;
    const own = this.#root + inStore;
    return this.#files.same(path, own) ? own : path;
  }
}
