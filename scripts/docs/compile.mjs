import { join, relative } from 'node:path';
import ts from 'typescript';
import { COMPILER_OPTIONS } from './projects.mjs';

/** What the compiler finds wrong with the two applications, by the lines of the pages. */
export function compile(projects) {
  return [...new Set(Object.values(projects).flatMap(diagnosticsOf))];
}

function diagnosticsOf({ cwd, files, compiled, types }) {
  const { options } = ts.convertCompilerOptionsFromJson({ ...COMPILER_OPTIONS, types }, cwd);
  const program = ts.createProgram(
    compiled.map((path) => join(cwd, path)),
    options,
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start, code, messageText }) => {
    const message = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    if (!file) return message;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${placeOf(relative(cwd, file.fileName), line + 1, files)}: ${message}`;
  });
}

/** The place in a page of a line of a file. */
export function placeOf(path, line, files) {
  const snippet = files.find((file) => file.path === path.replaceAll('\\', '/'));
  return snippet === undefined ? `${path}:${line}` : `${snippet.page}:${snippet.line + line}`;
}
