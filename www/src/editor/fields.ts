import schema from "./schema.json";

/** What may stand in a field, as the model of the engine says. */
export type FieldType =
  | "any" | "bool" | "conditions" | "int" | "operator" | "string"
  | { enum: string[] } | { list: FieldType } | { map: FieldType } | { object: number };

/** The documents that are edited. */
export type Root = "exception" | "policy";

const OBJECTS = schema.objects as unknown as Record<string, FieldType>[];
const ROOTS = schema.roots as Record<Root, number>;

/** The fields that may stand below a path of keys; lists need no word of their own. Empty where anything may, or nothing. */
export function fieldsAt(root: Root, path: string[]): Record<string, FieldType> {
  const type = typeAt(root, path);
  const inner = type === undefined ? undefined : element(type);
  return typeof inner === "object" && "object" in inner ? (OBJECTS[inner.object] ?? {}) : {};
}

/** What may stand at a path of keys; undefined: there is no such field, or everything is free there. */
export function typeAt(root: Root, path: string[]): FieldType | undefined {
  let type: FieldType | undefined = { object: ROOTS[root] };
  for (const key of path) {
    const inner: FieldType = element(type);
    if (typeof inner !== "object") return undefined;
    if ("object" in inner) type = OBJECTS[inner.object]?.[key];
    else if ("map" in inner) type = inner.map;
    else return undefined;
    if (type === undefined) return undefined;
  }
  return type;
}

/** The words that a value may be; empty where there is no list of them. */
export function wordsOf(type: FieldType | undefined): string[] {
  const inner = type === undefined ? undefined : element(type);
  if (inner === "bool") return ["true", "false"];
  return typeof inner === "object" && "enum" in inner ? inner.enum : [];
}

/** A type in words. */
export function described(type: FieldType): string {
  if (typeof type === "string") return { any: "anything", bool: "true or false", conditions: "conditions: any, all", int: "a number", operator: "an operator", string: "text" }[type];
  if ("enum" in type) return type.enum.join(" or ");
  if ("list" in type) return `a list of ${described(type.list)}`;
  if ("map" in type) return `by name: ${described(type.map)}`;
  return "fields";
}

function element(type: FieldType): FieldType {
  return typeof type === "object" && "list" in type ? element(type.list) : type;
}
