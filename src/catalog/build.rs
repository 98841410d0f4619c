use super::typing::{self, Lookup};
use super::{
    Catalog, Entry, Object, StatementId, Table, TableColumn, TableColumnKind, TableWatermark,
};
use crate::syntax::{
    AlterAction, AlterTable, Column, ColumnKind, CreateTable, CreateView, DataType, Drop, Element,
    ElementKind, Ident, Like, ObjectName, Script, StatementKind, TypeKind, Watermark,
};

impl Catalog {
    /// Reads the declarations of a script in order.
    pub fn build(script: &Script) -> Self {
        let mut catalog = Self::default();
        for (id, statement) in script.statements.iter().enumerate() {
            if script.outside.contains(&id) {
                // A USE ends with the text that it stands in.
                catalog.current.push((id, super::default_path()));
            }
            catalog.apply(&statement.kind, id);
        }
        catalog
    }

    /// The same where functions are known that the script does not create.
    pub fn with_functions<'n>(script: &Script, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut catalog = Self::build(script);
        let names = names.into_iter().map(str::to_lowercase);
        catalog.functions.extend(names);
        catalog
    }

    fn apply(&mut self, kind: &StatementKind, at: StatementId) {
        match kind {
            StatementKind::CreateTable(create) => self.create_table(create, at),
            StatementKind::CreateView(create) => self.create_view(create, at),
            StatementKind::CreateFunction(create) => {
                self.functions.push(create.name.object().to_lowercase());
            }
            StatementKind::AlterTable(alter) => self.alter_table(alter, at),
            StatementKind::Drop(drop) => self.drop(drop, at),
            StatementKind::Use { catalog, name } => self.use_path(*catalog, name, at),
            _ => {}
        }
    }

    fn use_path(&mut self, is_catalog: bool, name: &ObjectName, at: StatementId) {
        let Some(path) = self.qualify(&["", ""], at) else {
            return;
        };
        let [current, _, _] = path;
        let parts = name.path();
        let next = match (is_catalog, parts[..].as_ref()) {
            // A catalog's default database has a name of its own, `default` in most.
            (true, ["default_catalog"]) => super::default_path(),
            (true, [catalog]) => [(*catalog).to_owned(), "default".to_owned()],
            (false, [database]) => [current, (*database).to_owned()],
            (false, [catalog, database]) => [(*catalog).to_owned(), (*database).to_owned()],
            _ => return,
        };
        self.current.push((at, next));
    }

    /// Does `IF NOT EXISTS` find what it would create?
    fn exists(&self, name: &ObjectName, temporary: bool, at: StatementId) -> bool {
        self.resolve(&name.path(), at)
            .is_some_and(|e| e.temporary == temporary)
    }

    fn create_table(&mut self, create: &CreateTable, at: StatementId) {
        if create.if_not_exists && self.exists(&create.name, create.temporary, at) {
            return;
        }
        let base = create
            .like
            .as_ref()
            .map(|like| (like, self.like_source(like, at)));
        let mut table = match &base {
            Some((like, Some(source))) => inherited(source, like),
            _ => Table::default(),
        };
        table.complete = match &base {
            Some((_, source)) => source.as_ref().is_some_and(|s| s.complete),
            None => create.elements.is_some() && create.as_query.is_none(),
        };
        table.add(
            create
                .elements
                .as_ref()
                .map_or(&[][..], |list| &list.elements),
            &self.functions,
        );
        if !create.partitioned_by.is_empty() {
            table.partitioned_by = names(&create.partitioned_by);
        }
        for option in create.options.iter().flat_map(|list| &list.options) {
            table
                .options
                .insert(option.key.value.clone(), option.value.value.clone());
        }
        self.push(&create.name, create.temporary, at, Object::Table(table));
    }

    fn like_source(&self, like: &Like, at: StatementId) -> Option<Table> {
        self.resolve(&like.source.path(), at)?.table().cloned()
    }

    fn create_view(&mut self, create: &CreateView, at: StatementId) {
        if create.if_not_exists && self.exists(&create.name, create.temporary, at) {
            return;
        }
        let columns = create.columns.as_ref().map(|list| names(&list.columns));
        self.push(&create.name, create.temporary, at, Object::View { columns });
    }

    fn push(&mut self, name: &ObjectName, temporary: bool, at: StatementId, object: Object) {
        let Some(path) = self.qualify(&name.path(), at) else {
            return;
        };
        self.add(Entry {
            path,
            name: name.clone(),
            temporary,
            created: at,
            since: at,
            dropped: None,
            object,
        });
    }

    /// An ALTER ends the table as it was and starts it as it is: statements before see the one,
    /// statements behind the other.
    fn alter_table(&mut self, alter: &AlterTable, at: StatementId) {
        let Some(id) = self.resolve_id(&alter.name.path(), at) else {
            return;
        };
        let mut entry = self.entries[id].clone();
        entry.since = at;
        if let AlterAction::RenameTo(to) = &alter.action {
            // The new name stands in the table's own database unless it says otherwise.
            let [catalog, database, _] = &entry.path;
            let to = to.path();
            entry.path = match to[..] {
                [object] => [catalog.clone(), database.clone(), object.to_owned()],
                _ => self.qualify(&to, at).unwrap_or_else(|| entry.path.clone()),
            };
        }
        let Object::Table(table) = &mut entry.object else {
            return;
        };
        match &alter.action {
            AlterAction::Add(elements) | AlterAction::Modify(elements) => {
                table.add(elements, &self.functions);
            }
            AlterAction::DropWatermark => table.watermark = None,
            AlterAction::SetOptions(list) => {
                for option in &list.options {
                    table
                        .options
                        .insert(option.key.value.clone(), option.value.value.clone());
                }
            }
            AlterAction::Other => {
                table.complete = false;
                table.options.clear();
            }
            AlterAction::RenameTo(_) => {}
        }
        self.entries[id].dropped = Some(at);
        self.add(entry);
    }

    fn add(&mut self, entry: Entry) {
        let id = self.entries.len();
        self.by_path.entry(entry.path.clone()).or_default().push(id);
        let object = entry.name.object().to_owned();
        self.by_object.entry(object).or_default().push(id);
        self.by_statement.entry(entry.created).or_default().push(id);
        self.entries.push(entry);
    }

    fn drop(&mut self, drop: &Drop, at: StatementId) {
        if !matches!(drop.object, "TABLE" | "VIEW") {
            return;
        }
        let Some(id) = self.resolve_id(&drop.name.path(), at) else {
            return;
        };
        self.entries[id].dropped = Some(at);
    }
}

/// What a table takes over through `LIKE`.
/// Source: Flink docs, SQL, CREATE, "LIKE" (defaults: everything is included).
fn inherited(source: &Table, like: &Like) -> Table {
    let excluded = |feature| like.excludes(feature);
    let mut table = source.clone();
    table.inherits = true;
    table.columns.retain(|c| match c.kind {
        TableColumnKind::Physical => true,
        TableColumnKind::Metadata { .. } => !excluded("METADATA"),
        TableColumnKind::Computed { .. } => !excluded("GENERATED"),
    });
    for column in &mut table.columns {
        column.inherited = true;
    }
    if excluded("CONSTRAINTS") {
        table.primary_key.clear();
    }
    if excluded("WATERMARKS") {
        table.watermark = None;
    }
    if excluded("OPTIONS") {
        table.options.clear();
    }
    if excluded("PARTITIONS") {
        table.partitioned_by.clear();
    }
    table
}

impl Table {
    /// `functions`: those that the script has created so far.
    fn add(&mut self, elements: &[Element], functions: &[String]) {
        for element in elements {
            match &element.kind {
                ElementKind::Column(column) => self.add_column(column, functions),
                ElementKind::Watermark(watermark) => {
                    self.watermark = Some(watermark_of(watermark, element));
                }
                ElementKind::PrimaryKey(key) => self.set_key(names(key)),
                ElementKind::Unique(_) => {}
            }
        }
        // After the others: a computed column may stand before the columns that it reads.
        for element in elements {
            let ElementKind::Column(Column {
                name,
                kind: ColumnKind::Computed { expr },
                ..
            }) = &element.kind
            else {
                continue;
            };
            let ty = typing::type_of(&expr.ast, &TableScope(self));
            if let Some(column) = self.columns.iter_mut().find(|c| c.name == name.value) {
                column.ty = ty;
            }
        }
    }

    fn add_column(&mut self, column: &Column, functions: &[String]) {
        let mut added = TableColumn {
            name: column.name.value.clone(),
            ty: None,
            kind: TableColumnKind::Physical,
            span: column.name.span,
            expr: None,
            non_deterministic: None,
            stands_in_for_null: false,
            calls_user_function: false,
            inherited: false,
        };
        match &column.kind {
            ColumnKind::Physical { ty, inline_key } => {
                added.ty = Some(ty.clone());
                if *inline_key {
                    self.primary_key = vec![added.name.clone()];
                    added.ty = Some(ty.kind.clone().not_null());
                }
            }
            ColumnKind::Metadata {
                ty,
                key,
                is_virtual,
            } => {
                added.ty = Some(ty.clone());
                added.kind = TableColumnKind::Metadata {
                    key: key
                        .as_ref()
                        .map_or_else(|| added.name.clone(), |k| k.value.clone()),
                    is_virtual: *is_virtual,
                };
            }
            ColumnKind::Computed { expr } => {
                added.kind = TableColumnKind::Computed {
                    proctime: typing::is_proctime(&expr.ast),
                };
                added.expr = Some(expr.span);
                added.non_deterministic = typing::non_deterministic_call(&expr.ast);
                added.stands_in_for_null = typing::has_default(&expr.ast);
                added.calls_user_function = typing::calls_one_of(functions, &expr.ast);
            }
            ColumnKind::Bare => self.complete = false,
        }
        match self.columns.iter_mut().find(|c| c.name == added.name) {
            Some(existing) => *existing = added,
            None => self.columns.push(added),
        }
    }

    fn set_key(&mut self, key: Vec<String>) {
        for column in self.columns.iter_mut().filter(|c| key.contains(&c.name)) {
            if let Some(ty) = &mut column.ty {
                ty.nullable = false;
            }
        }
        self.primary_key = key;
    }
}

fn watermark_of(watermark: &Watermark, element: &Element) -> TableWatermark {
    TableWatermark {
        column: names(&watermark.column),
        span: element.span,
        expr: watermark.expr.span,
        delay_ms: super::interval::watermark_delay(&watermark.expr.ast, &watermark.column),
    }
}

/// The columns of a table, for [`typing::type_of`].
pub fn scope(table: &Table) -> impl Lookup {
    TableScope(table)
}

struct TableScope<'a>(&'a Table);

impl Lookup for TableScope<'_> {
    fn column(&self, path: &[&str]) -> Option<DataType> {
        let (first, fields) = path.split_first()?;
        let mut ty = self.0.column(first)?.ty.clone()?;
        for field in fields {
            let TypeKind::Row(row) = &ty.kind else {
                return None;
            };
            let found = row.iter().find(|f| f.name == *field)?;
            ty = DataType {
                nullable: ty.nullable || found.ty.nullable,
                kind: found.ty.kind.clone(),
            };
        }
        Some(ty)
    }
}

fn names(idents: &[Ident]) -> Vec<String> {
    idents.iter().map(|i| i.value.clone()).collect()
}
