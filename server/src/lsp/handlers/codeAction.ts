// textDocument/codeAction: quick fixes and fix-all, computed anew from the newest snapshot.

import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Command,
  type Range,
} from "vscode-languageserver/node";
import { fixAll, isSound } from "../../core/features/fixAll";
import { silenceEdit } from "../../core/features/silence";
import type { Finding, Fix, FixCommand } from "../../core/rules/rule";
import type { EditsByPath } from "../../core/text/textEdit";
import { pathOfUri, toChanges, toDiagnostic, toWorkspaceEdit, uriOfPath } from "../conversions";
import type { Session } from "../session";

/** The kind under which editors run our fix-all on save. */
export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.nix-deploy`;

export function codeAction(session: Session, params: CodeActionParams): CodeAction[] {
  const path = pathOfUri(params.textDocument.uri);
  const actions: CodeAction[] = [];
  if (wants(params, CodeActionKind.QuickFix)) actions.push(...quickFixes(session, path, params.range));
  // fix-all belongs to the source menu and to saving: it is offered only where it is asked for
  if (params.context.only !== undefined && wants(params, FIX_ALL_KIND))
    actions.push(...fixAllActions(session, path));
  return actions;
}

function wants({ context }: CodeActionParams, kind: string): boolean {
  return (
    context.only === undefined || context.only.some(only => kind === only || kind.startsWith(`${only}.`))
  );
}

function quickFixes(session: Session, path: string, range: Range): CodeAction[] {
  const start = session.lines.offset(path, range.start);
  const end = session.lines.offset(path, range.end);
  if (start === undefined || end === undefined) return [];
  const analysis = session.analysis();
  const here = analysis
    .findings(path)
    .filter(finding => finding.span.start <= end && start <= finding.span.end);
  return [
    ...here.flatMap(finding =>
      finding.fixes.flatMap((fix, index) => quickFix(session, finding, fix, index === 0)),
    ),
    ...here.flatMap(finding => silence(session, path, finding)),
  ];
}

/** A comment that silences the finding: always the last choice. */
function silence(session: Session, path: string, finding: Finding): CodeAction[] {
  const comment = silenceEdit(session.analysis(), finding);
  const edit = comment === undefined ? undefined : workspaceEdit(session, new Map([[path, [comment]]]));
  if (edit === undefined) return [];
  const diagnostic = toDiagnostic(finding, session.lines, session.abilities);
  const action: CodeAction = { title: `Ignore ${finding.code} here`, kind: CodeActionKind.QuickFix, edit };
  return [diagnostic === undefined ? action : { ...action, diagnostics: [diagnostic] }];
}

function quickFix(session: Session, finding: Finding, fix: Fix, isFirst: boolean): CodeAction[] {
  const analysis = session.analysis();
  if (![...fix.edits].every(([path, edits]) => isSound(analysis, path, edits))) return [];
  const edit = workspaceEdit(session, fix.edits);
  if (edit === undefined) return [];
  const { title, command } = fix;
  const diagnostic = toDiagnostic(finding, session.lines, session.abilities);
  const action: CodeAction =
    command === undefined
      ? { title, kind: CodeActionKind.QuickFix, edit }
      : { title, kind: CodeActionKind.QuickFix, command: toCommand(title, command) };
  if (diagnostic !== undefined) action.diagnostics = [diagnostic];
  if (isFirst && fix.safety === "safe") action.isPreferred = true;
  return [action];
}

function toCommand(title: string, { id, path }: FixCommand): Command {
  return { title, command: id, ...(path === undefined ? {} : { arguments: [uriOfPath(path)] }) };
}

function fixAllActions(session: Session, path: string): CodeAction[] {
  const edits = fixAll(session.analysis(), path);
  const edit = edits.length === 0 ? undefined : workspaceEdit(session, new Map([[path, edits]]));
  if (edit === undefined) return [];
  return [{ title: "Apply all safe fixes of Nix Deploy", kind: FIX_ALL_KIND, edit }];
}

function workspaceEdit(session: Session, edits: EditsByPath) {
  const changes = toChanges(edits, session.lines);
  if (changes === undefined) return undefined;
  return toWorkspaceEdit(
    changes,
    uri => session.documents.version(pathOfUri(uri)),
    session.abilities.documentChanges,
  );
}
