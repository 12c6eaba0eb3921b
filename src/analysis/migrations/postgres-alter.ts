import type { Operation, What } from "./operation.ts";
import { type Node, child, children, word } from "./ast.ts";
import { nameOf, unknown } from "./operation.ts";

const PLAIN: Readonly<Record<string, What>> = {
  AT_DropColumn: "drop-column",
  AT_AlterColumnType: "type-change",
  AT_SetNotNull: "set-not-null",
  AT_DropNotNull: "drop-not-null",
  AT_DropConstraint: "drop-rule",
  AT_DropIdentity: "drop-default",
  AT_DropExpression: "drop-default",
  AT_AddIdentity: "harmless",
  AT_ValidateConstraint: "harmless",
  AT_AttachPartition: "add-object",
  AT_DetachPartition: "drop-object",
  AT_EnableRowSecurity: "add-rule",
  AT_ForceRowSecurity: "add-rule",
  AT_DisableRowSecurity: "drop-rule",
  AT_EnableTrig: "add-rule",
  AT_DisableTrig: "drop-rule",
  AT_ChangeOwner: "harmless",
  AT_SetStatistics: "harmless",
  AT_SetStorage: "harmless",
  AT_SetOptions: "harmless",
  AT_ResetOptions: "harmless",
  AT_SetRelOptions: "harmless",
  AT_ResetRelOptions: "harmless",
  AT_ReplicaIdentity: "harmless",
  AT_ClusterOn: "harmless",
  AT_SetTableSpace: "harmless",
};

/** What each command of an `alter table` does. */
export function alterTable(node: Node, text: string): Operation[] {
  const relation = child(node, "relation");
  const table = nameOf([word(relation, "schemaname"), word(relation, "relname")].filter((part) => part !== "").join("."));
  const commands = children(node, "cmds").map((one) => child(one, "AlterTableCmd"));
  return commands.map((command) => {
    const what = whatOf(command);
    if (what === undefined) return unknown(text, `It is a ${word(command, "subtype").replace(/^AT_/, "")}`);
    const column = nameOf(word(command, "name") || word(child(command, "def", "ColumnDef"), "colname") || foreignKey(command));
    return { what, table, column, text, ...(command["missing_ok"] === true && what === "add-column" && { perhaps: true }) };
  });
}

/** The column of a foreign key of one: whoever leaves it empty is not refused. */
function foreignKey(command: Node): string {
  const keys = children(child(command, "def", "Constraint"), "fk_attrs");
  return keys.length === 1 ? word(child(keys[0] ?? {}, "String"), "sval") : "";
}

function whatOf(command: Node): What | undefined {
  const subtype = word(command, "subtype");
  if (subtype === "AT_AddColumn") return addColumn(child(command, "def", "ColumnDef"));
  if (subtype === "AT_ColumnDefault") return command["def"] === undefined ? "drop-default" : "harmless";
  if (subtype === "AT_AddConstraint")
    return word(child(command, "def", "Constraint"), "contype") === "CONSTR_NOTNULL" ? "set-not-null" : "add-rule";
  return PLAIN[subtype];
}

/** Old inserts leave the column out: that works where it may be null or fills itself. */
function addColumn(column: Node): What {
  const kinds = new Set(children(column, "constraints").map((one) => word(child(one, "Constraint"), "contype")));
  const type = word(child(children(child(column, "typeName"), "names").at(-1) ?? {}, "String"), "sval");
  const fills = ["CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"].some((kind) => kinds.has(kind)) || /serial/i.test(type);
  if (kinds.has("CONSTR_CHECK") || (kinds.has("CONSTR_UNIQUE") && kinds.has("CONSTR_DEFAULT"))) return "add-rule";
  if ((kinds.has("CONSTR_NOTNULL") || kinds.has("CONSTR_PRIMARY")) && !fills) return "add-required-column";
  return "add-column";
}
