/** What the door for scenario files exports, read from its types by the compiler. */
import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../harness/package-root.js';

export interface DoorEntry {
  name: string;
  /** Functions and values of scenarios; types alone are options and parts. */
  kind: 'value' | 'type';
  /** Folder or file that it is from, such as `faults`. */
  source: string;
  signature: string;
  text: string;
  examples: string[];
  /** Fields of an interface, with their own text. */
  fields: Array<{ name: string; type: string; optional: boolean; text: string }>;
}

export function doorEntries(): DoorEntry[] {
  const root = packageRoot();
  const file = join(root, 'harness/index.ts');
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([file], { ...options, incremental: false, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const door = source && checker.getSymbolAtLocation(source);
  if (!door) throw new Error('harness/index.ts has no exports');
  return checker
    .getExportsOfModule(door)
    .map((symbol) => entryOf(symbol, checker, root))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function entryOf(exported: ts.Symbol, checker: ts.TypeChecker, root: string): DoorEntry {
  const aliased = exported.flags & ts.SymbolFlags.Alias;
  const symbol = aliased ? checker.getAliasedSymbol(exported) : exported;
  const [declaration] = symbol.declarations ?? [];
  if (!declaration) throw new Error(`${exported.name} has no declaration`);
  const isType = (symbol.flags & ts.SymbolFlags.Value) === 0;
  const type = isType
    ? checker.getDeclaredTypeOfSymbol(symbol)
    : checker.getTypeOfSymbolAtLocation(symbol, declaration);
  return {
    name: exported.name,
    kind: isType ? 'type' : 'value',
    source: declaration.getSourceFile().fileName.slice(root.length + 1),
    signature: signatureOf(exported.name, type, isType, checker),
    text: textOf(symbol, checker),
    examples: symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === 'example')
      .map(({ text }) => ts.displayPartsToString(text).trim()),
    fields: isType ? fieldsOf(type, declaration, checker) : [],
  };
}

function signatureOf(
  name: string,
  type: ts.Type,
  isType: boolean,
  checker: ts.TypeChecker,
): string {
  const format = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.WriteArrowStyleSignature;
  const [call] = isType ? [] : type.getCallSignatures();
  if (call) {
    const parameters = call.parameters.map((one) => {
      const declared = one.valueDeclaration;
      return declared && ts.isParameter(declared)
        ? declared.getText().replace(/\s+/g, ' ')
        : one.name;
    });
    return `${name}(${parameters.join(', ')})`;
  }
  if (isType && type.getProperties().length > 0 && !type.isUnion()) return name;
  return `${name}: ${checker.typeToString(type, undefined, format | ts.TypeFormatFlags.InTypeAlias)}`;
}

function fieldsOf(type: ts.Type, place: ts.Node, checker: ts.TypeChecker): DoorEntry['fields'] {
  if (type.isUnion() || (type.flags & ts.TypeFlags.Object) === 0) return [];
  // The compiler numbers symbols anew in every program.
  const named = type.getProperties().filter(({ name }) => !name.startsWith('__@'));
  return named.map((property) => ({
    name: property.name,
    type: checker.typeToString(
      checker.getTypeOfSymbolAtLocation(property, place),
      undefined,
      ts.TypeFormatFlags.NoTruncation,
    ),
    optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
    text: textOf(property, checker),
  }));
}

function textOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
