// The TextMate grammar of Flink SQL. A module instead of JSON, so that word lists stay readable; the build writes
// dist/flink-sql.tmLanguage.json from it. Words count in any case, as in Flink.

import {
  BARE_FUNCTIONS,
  CONSTANTS,
  FUNCTIONS,
  RESERVED,
  TABLE_FUNCTIONS,
  TYPES,
  UNITS,
  UNRESERVED,
} from "./words.mjs";

const any = (list) => `(?:${list.join("|")})`;
/** A whole word: not part of a longer name, not a field behind a dot. */
const word = (list, then = "") => `(?i)(?<![\\w$.])${any(list)}(?![\\w$])${then}`;
const call = (list) => word(list, "(?=\\s*\\()");
const scope = (name) => `${name}.flink-sql`;
const capture = (...names) =>
  Object.fromEntries(names.map((name, at) => [String(at + 1), name && { name: scope(name) }]).filter(([, v]) => v));

/** A name of one or more parts, each plain or in back quotes. */
const NAME = "(?:`(?:[^`]|``)*`|[\\p{L}_][\\w$\\p{L}]*)(?:\\s*\\.\\s*(?:`(?:[^`]|``)*`|[\\p{L}_][\\w$\\p{L}]*))*";
const KIND = "TABLE|VIEW|FUNCTION|CATALOG|DATABASE|MODEL|CONNECTION";

/** `tidegate: ignore[rule, rule] why`, as it stands in a comment of either kind. */
const directive = {
  match: "(?<=--|//|/\\*)\\s*(tidegate:)\\s*(ignore-file|ignore)\\s*(\\[)([^\\]]*)(\\])",
  captures: {
    1: { name: scope("keyword.other.directive") },
    2: { name: scope("keyword.other.directive") },
    3: { name: scope("punctuation.definition.list.begin") },
    4: { patterns: [{ match: "[\\w-]+", name: scope("constant.other.rule") }] },
    5: { name: scope("punctuation.definition.list.end") },
  },
};

const repository = {
  comments: {
    patterns: [
      {
        // Only `/*+` without a blank between is a hint.
        begin: "/\\*\\+",
        end: "\\*/",
        beginCaptures: { 0: { name: scope("punctuation.definition.hint.begin") } },
        endCaptures: { 0: { name: scope("punctuation.definition.hint.end") } },
        name: scope("meta.hint"),
        patterns: [
          { include: "#options" },
          { include: "#strings" },
          { include: "#quoted-names" },
          { include: "#numbers" },
          { match: "(?i)\\b[A-Z_]+(?=\\s*\\()", name: scope("entity.name.function.hint") },
          { match: "[,()=]", name: scope("punctuation.separator.hint") },
        ],
      },
      {
        begin: "/\\*",
        end: "\\*/",
        beginCaptures: { 0: { name: scope("punctuation.definition.comment.begin") } },
        endCaptures: { 0: { name: scope("punctuation.definition.comment.end") } },
        name: scope("comment.block"),
        patterns: [directive],
      },
      {
        begin: "--|//",
        end: "$",
        beginCaptures: { 0: { name: scope("punctuation.definition.comment") } },
        name: scope("comment.line"),
        patterns: [directive],
      },
    ],
  },
  // The key of an option: in WITH, in SET, in OPTIONS of a hint. Between two literals an equals sign means nothing else.
  options: {
    match: "('(?:[^']|'')*')\\s*(=)(?=\\s*(?:'|$))",
    captures: capture("variable.other.option", "keyword.operator.assignment"),
  },
  strings: {
    begin: "(?i)(?:(?<![\\w$])(?:U&|N|X|_UTF8|_UTF16))?'",
    end: "'(?!')",
    name: scope("string.quoted.single"),
    patterns: [{ match: "''", name: scope("constant.character.escape") }],
  },
  "quoted-names": {
    begin: "`",
    end: "`(?!`)",
    name: scope("variable.other.quoted"),
    patterns: [{ match: "``", name: scope("constant.character.escape") }],
  },
  numbers: {
    match: "(?i)(?<![\\w$])(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:E[+-]?\\d+)?(?![\\w$])",
    name: scope("constant.numeric"),
  },
  // What a statement is about gets the colour of a name.
  definitions: {
    patterns: [
      {
        match: `(?i)(?<![\\w$.])(CREATE|ALTER|DROP)\\s+(?:(OR\\s+(?:REPLACE|ALTER))\\s+)?(?:(TEMPORARY)\\s+)?(?:(SYSTEM|MATERIALIZED)\\s+)?(${KIND})\\s+(?:(IF\\s+(?:NOT\\s+)?EXISTS)\\s+)?(${NAME})`,
        captures: capture(
          "keyword.other.ddl",
          "keyword.other.ddl",
          "storage.modifier",
          "storage.modifier",
          "storage.type",
          "keyword.other",
          "entity.name.type",
        ),
      },
      {
        match: `(?i)(?<![\\w$.])(WATERMARK)\\s+(FOR)\\s+(${NAME})`,
        captures: capture("keyword.other.watermark", "keyword.other", "variable.other.rowtime"),
      },
      {
        match: `(?i)(?<![\\w$.])(INSERT)\\s+(INTO|OVERWRITE)\\s+(?!TABLE\\b)(${NAME})`,
        captures: capture("keyword.other.dml", "keyword.other.dml", "entity.name.type"),
      },
    ],
  },
  // Words that are keywords only beside others; alone they may name columns.
  phrases: {
    patterns: [
      {
        match:
          "(?i)(?<![\\w$.])(?:(?:PRIMARY|FOREIGN)\\s+KEY|IF\\s+(?:NOT\\s+)?EXISTS|GROUPING\\s+SETS|WITH\\s+(?:LOCAL\\s+)?TIME\\s+ZONE|OR\\s+REPLACE|DO\\s+(?:NOTHING|ERROR|DEDUPLICATE)|PAST\\s+LAST\\s+ROW|NEXT\\s+ROW|TO\\s+(?:FIRST|LAST))(?![\\w$])",
        name: scope("keyword.other"),
      },
      {
        match: `(?i)(?<![\\w$.])(?:SHOW|USE|DESCRIBE|DESC|CREATE|ALTER|DROP|ADD|REMOVE|LOAD|UNLOAD|TRUNCATE)\\s+(?:(?:FULL|CURRENT|USER|CREATE|TEMPORARY)\\s+)*(?:${KIND}|JARS?|JOBS?|MODELS?|COLUMNS|PARTITIONS|MODULES?)(?![\\w$])`,
        name: scope("keyword.other.ddl"),
      },
      { match: "(?i)(?:^|(?<=;))\\s*(?:ADD|LOAD|REMOVE|STOP)(?![\\w$])", name: scope("keyword.other") },
      {
        match: "(?i)(?<![\\w$.])(EXECUTE\\s+STATEMENT\\s+SET|BEGIN\\s+STATEMENT\\s+SET)(?![\\w$])",
        name: scope("keyword.control"),
      },
    ],
  },
  intervals: {
    match: `(?i)(?<![\\w$.])(INTERVAL)\\s+([+-]\\s*)?('(?:[^'])*')\\s+(${any(UNITS)})(?:\\s*\\((\\s*\\d+\\s*(?:,\\s*\\d+\\s*)?)\\))?(?:\\s+(TO)\\s+(${any(UNITS)}))?(?![\\w$])`,
    captures: capture(
      "keyword.other",
      "keyword.operator",
      "string.quoted.single",
      "constant.language.time-unit",
      "constant.numeric",
      "keyword.other",
      "constant.language.time-unit",
    ),
  },
  calls: {
    patterns: [
      { match: call(TABLE_FUNCTIONS), name: scope("support.function.table") },
      { match: call(["DESCRIPTOR"]), name: scope("support.function.descriptor") },
      // EXTRACT(DAY FROM …), FLOOR(t TO DAY), TIMESTAMPADD(DAY, …): a unit, where a function would have a parenthesis.
      {
        match: `(?i)(?<=\\()\\s*(${any(UNITS)})(?=\\s*,|\\s+FROM\\b)`,
        captures: capture("constant.language.time-unit"),
      },
      {
        match: `(?i)(?<![\\w$.])(TO)\\s+(${any(UNITS)})(?=\\s*\\))`,
        captures: capture("keyword.other", "constant.language.time-unit"),
      },
      { match: call(FUNCTIONS), name: scope("support.function") },
      { match: word(BARE_FUNCTIONS), name: scope("support.function") },
    ],
  },
  types: { match: word(TYPES), name: scope("storage.type") },
  constants: { match: word(CONSTANTS), name: scope("constant.language") },
  keywords: {
    patterns: [
      { match: word(["CASE", "WHEN", "THEN", "ELSE", "END"]), name: scope("keyword.control") },
      { match: word(["AND", "OR", "NOT", "IN", "IS", "LIKE", "BETWEEN", "EXISTS", "SIMILAR"]), name: scope("keyword.other.logical") },
      { match: word(RESERVED), name: scope("keyword.other") },
      { match: word(UNRESERVED), name: scope("keyword.other") },
    ],
  },
  operators: {
    patterns: [
      { match: "=>", name: scope("keyword.operator.named-argument") },
      { match: "<>|!=|<=|>=|\\|\\||[-+*/%=<>?]", name: scope("keyword.operator") },
      { match: ";", name: scope("punctuation.terminator.statement") },
      { match: ",", name: scope("punctuation.separator") },
    ],
  },
  // A call of a function that is not built in; reserved words have been taken by then.
  "own-calls": {
    match: "(?<![\\w$])[\\p{L}_][\\w$\\p{L}]*(?=\\()",
    name: scope("entity.name.function"),
  },
};

export default {
  name: "Flink SQL",
  scopeName: "source.flink-sql",
  fileTypes: ["flink.sql", "fsql"],
  patterns: [
    "comments",
    "options",
    "intervals",
    "strings",
    "definitions",
    "quoted-names",
    "numbers",
    "phrases",
    "calls",
    "types",
    "constants",
    "keywords",
    "own-calls",
    "operators",
  ].map((name) => ({ include: `#${name}` })),
  repository,
};
