import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

/** What an SDK's declarations say of one type. */
export type PropertyType =
  | { readonly kind: "string" | "number" | "boolean" | "asset" | "any" }
  | { readonly kind: "array" | "map"; readonly of: PropertyType }
  | { readonly kind: "object"; readonly properties: () => ObjectType };

/** The properties of a type by name. */
export type ObjectType = ReadonlyMap<string, { readonly type: PropertyType; readonly required: boolean }>;

/** What an SDK's declarations say of a resource. */
export interface ResourceDeclaration {
  readonly inputs: ObjectType;
  /** Names of all it has once it exists, inputs included. */
  readonly outputs: readonly string[];
}

/** Reads the declaration files of a provider's SDK: what the official plugin takes is written down there. */
export class SdkTypes {
  private readonly folder: string;
  private nested: ts.SourceFile | undefined;

  /** @param packageName - such as `@pulumi/docker` */
  constructor(packageName: string) {
    this.folder = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  }

  /** @throws when the SDK has no such resource */
  resource(token: string): ResourceDeclaration {
    const [, module = "", type = ""] = token.split(":");
    const [folder = ""] = module.split("/");
    const stem = type.charAt(0).toLowerCase() + type.slice(1);
    const file = join(this.folder, folder === "index" ? "" : folder, `${stem}.d.ts`);
    if (!existsSync(file)) throw new Error(`the SDK has no resource ${token}: ${file} is missing`);
    const source = parse(file);
    const args = source.statements.find(isInterface(`${type}Args`));
    const declaration = source.statements.find(ts.isClassDeclaration);
    const members: readonly ts.ClassElement[] = declaration?.members ?? [];
    const outputs = members.filter((member) => ts.isPropertyDeclaration(member)).filter((member) => !isStatic(member));
    return {
      inputs: this.objectType(args?.members ?? []),
      outputs: outputs.map(({ name }) => name.getText()),
    };
  }

  /** What the provider itself is configured with. */
  provider(): ObjectType {
    const args = parse(join(this.folder, "provider.d.ts")).statements.find(isInterface("ProviderArgs"));
    return this.objectType(args?.members ?? []);
  }

  private objectType(members: readonly ts.TypeElement[]): ObjectType {
    return new Map(
      members
        .filter(ts.isPropertySignature)
        .map(({ name, type, questionToken }) => [
          name.getText().replaceAll(/["']/g, ""),
          { type: this.propertyType(type), required: questionToken === undefined },
        ]),
    );
  }

  private propertyType(node: ts.TypeNode | undefined): PropertyType {
    if (node === undefined) return { kind: "any" };
    if (ts.isParenthesizedTypeNode(node)) return this.propertyType(node.type);
    if (node.kind === ts.SyntaxKind.StringKeyword) return { kind: "string" };
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "boolean" };
    if (ts.isArrayTypeNode(node)) return { kind: "array", of: this.propertyType(node.elementType) };
    if (ts.isTypeLiteralNode(node)) {
      const index = node.members.find(ts.isIndexSignatureDeclaration);
      return index === undefined ? { kind: "any" } : { kind: "map", of: this.propertyType(index.type) };
    }
    if (ts.isUnionTypeNode(node)) return this.unionType(node);
    if (ts.isTypeReferenceNode(node)) return this.referencedType(node);
    return { kind: "any" };
  }

  private unionType({ types }: ts.UnionTypeNode): PropertyType {
    const kinds = types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
    return kinds.length === 1 || kinds.every((type) => type.getText().startsWith("pulumi.asset."))
      ? this.propertyType(kinds[0])
      : { kind: "any" };
  }

  private referencedType({ typeName, typeArguments }: ts.TypeReferenceNode): PropertyType {
    const name = typeName.getText();
    if (name === "pulumi.Input") return this.propertyType(typeArguments?.[0]);
    if (name.startsWith("pulumi.asset.")) return { kind: "asset" };
    if (name.startsWith("enums.")) return { kind: "string" };
    if (!name.startsWith("inputs.")) return { kind: "any" };
    return { kind: "object", properties: () => this.nestedType(name.split(".").slice(1)) };
  }

  /** A type of `types/input.d.ts`, which keeps those of a module in a namespace. */
  private nestedType(path: readonly string[]): ObjectType {
    this.nested ??= parse(join(this.folder, "types", "input.d.ts"));
    let statements: readonly ts.Statement[] = this.nested.statements;
    for (const space of path.slice(0, -1)) {
      const found = statements.filter(ts.isModuleDeclaration).find(({ name }) => name.text === space);
      statements = found?.body !== undefined && ts.isModuleBlock(found.body) ? found.body.statements : [];
    }
    const declared = statements.find(isInterface(path.at(-1) ?? ""));
    if (declared === undefined) throw new Error(`the SDK declares no input type ${path.join(".")}`);
    return this.objectType(declared.members);
  }
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

function isInterface(wanted: string) {
  return (node: ts.Node): node is ts.InterfaceDeclaration =>
    ts.isInterfaceDeclaration(node) && node.name.text === wanted;
}

function isStatic({ modifiers }: ts.PropertyDeclaration): boolean {
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}
