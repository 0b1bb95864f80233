// The workbench as a user sees it: the packaged extension installed, a folder opened, and what people do with it. Selectors
// are here and in the layers below, one for each part of the window, and nowhere else.
import path from "node:path";
import { installExtension, launchBrowser, makeWorld, startServer } from "../../../scripts/workbench.mjs";
import { TextEditors } from "./textEditors";

const root = path.resolve(import.meta.dirname, "../../..");

/** How an editor is opened, where it differs from a trusted one on a copy of the example fleet. */
export interface EditorOptions {
  /** The folder to open; the editor gets a copy of it. */
  readonly workspace?: string;
  /** A file of the workspace to show at once. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Which VS Code: a current one, or the oldest that is supported. */
  readonly edition?: "current" | "floor";
  /** Leaves the question of workspace trust to the user, as VS Code does. */
  readonly askForTrust?: boolean;
}

/** One open workbench, with all that people do in it. */
export class Editor extends TextEditors {}

/** The editors that are open now. */
export const openEditors = new Set<Editor>();

/** Opens a new editor with the packaged extension. Each suite opens its own and closes it. */
export async function openEditor(options: EditorOptions = {}): Promise<Editor> {
  const vsix = process.env["EDITOR_VSIX"];
  if (!vsix)
    throw new Error("the editor suites run by `npm run test:editor` only: it packages the extension");
  const world = makeWorld({
    workspace: options.workspace ?? path.join(root, "examples/fleet"),
    copy: true,
    settings: options.settings ?? {},
    edition: options.edition ?? "current",
  });
  const closers = [async () => world.remove()];
  const close = async () => {
    for (const editor of openEditors) if (editor.workspace === world.workspace) openEditors.delete(editor);
    for (const closer of closers.reverse()) await closer();
  };
  try {
    installExtension(world, vsix);
    const server = await startServer(world, { askForTrust: options.askForTrust ?? false });
    closers.push(server.stop);
    const browser = await launchBrowser();
    closers.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(20_000);
    const file = options.file && server.fileUri(path.join(world.workspace, options.file));
    const editor = new Editor(page, world.workspace, close);
    openEditors.add(editor);
    await page.goto(server.pageUrl(file ? [["openFile", file]] : []));
    await editor.activityBarEntry().waitFor({ timeout: 40_000 });
    return editor;
  } catch (error) {
    await close();
    throw error;
  }
}
