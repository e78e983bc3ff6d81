import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Checks a text as a file of an application would be, and prints the milliseconds of CPU time that took. */
const [, , text = ''] = process.argv;
const file = fileURLToPath(new URL('../in-memory.mts', import.meta.url));
const options = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};
const disk = ts.createCompilerHost(options);
const host = {
  ...disk,
  fileExists: (path) => path === file || disk.fileExists(path),
  readFile: (path) => (path === file ? text : disk.readFile(path)),
  getSourceFile: (path, ...rest) =>
    path === file ? ts.createSourceFile(path, text, rest[0]) : disk.getSourceFile(path, ...rest),
};
const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, host));
const { user, system } = process.cpuUsage();
console.log((user + system) / 1_000);
