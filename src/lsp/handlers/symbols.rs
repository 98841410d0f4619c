use crate::ide::{self, Symbol, SymbolKind};
use crate::lsp::client::Client;
use crate::lsp::convert::range;
use crate::lsp::open::Open;
use crate::lsp::workspace::Workspace;
use gen_lsp_types as lsp;
use gen_lsp_types::Uri;

pub fn of_document(
    workspace: &Workspace<'_>,
    params: lsp::DocumentSymbolParams,
) -> Option<lsp::DocumentSymbolResponse> {
    let open = workspace.document(&params.text_document.uri)?;
    let symbols = ide::symbols(&open.document);
    let symbols = symbols.iter().map(|s| symbol(open, s, &workspace.client));
    let symbols = symbols.collect();
    Some(lsp::DocumentSymbolResponse::DocumentSymbolList(symbols))
}

fn symbol(open: &Open, symbol: &Symbol, client: &Client) -> lsp::DocumentSymbol {
    let children = symbol.children.iter();
    let children: Vec<_> = children.map(|c| self::symbol(open, c, client)).collect();
    lsp::DocumentSymbol {
        name: symbol.name.clone(),
        detail: (!symbol.detail.is_empty()).then(|| symbol.detail.clone()),
        kind: kind(symbol.kind),
        tags: None,
        #[allow(deprecated)]
        deprecated: None,
        range: open.range(symbol.span, client),
        selection_range: open.range(symbol.name_span, client),
        children: (!children.is_empty()).then_some(children),
    }
}

fn kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Table => lsp::SymbolKind::Class,
        SymbolKind::View => lsp::SymbolKind::Interface,
        SymbolKind::Column => lsp::SymbolKind::Field,
        SymbolKind::Function => lsp::SymbolKind::Function,
        SymbolKind::Insert => lsp::SymbolKind::Event,
        SymbolKind::StatementSet => lsp::SymbolKind::Package,
    }
}

/// Tables, views and functions of every script below the workspace's folders whose name has the query in it.
pub fn of_workspace(
    workspace: &Workspace<'_>,
    params: lsp::WorkspaceSymbolParams,
) -> Option<lsp::WorkspaceSymbolResponse> {
    let query = params.query.to_lowercase();
    let mut found = Vec::new();
    let mut add = |uri: &Uri, document: &ide::Document| {
        for symbol in ide::symbols(document) {
            if symbol.kind == SymbolKind::Insert || !symbol.name.to_lowercase().contains(&query) {
                continue;
            }
            let encoding = workspace.client.encoding;
            let place = range(
                document.text(),
                document.lines(),
                symbol.name_span,
                encoding,
            );
            found.push(lsp::WorkspaceSymbol {
                location: lsp::WorkspaceSymbolLocation::Location(lsp::Location {
                    uri: uri.clone(),
                    range: place,
                }),
                data: None,
                base_symbol_information: lsp::BaseSymbolInformation {
                    name: symbol.name,
                    kind: kind(symbol.kind),
                    tags: None,
                    container_name: None,
                },
            });
        }
    };
    for open in workspace.open.values() {
        add(&open.uri, &open.document);
    }
    let scripts = workspace
        .folders
        .iter()
        .flat_map(|f| workspace.files.scripts(f));
    for path in scripts {
        let is_open = workspace
            .open
            .values()
            .any(|o| o.path.as_deref() == Some(&*path));
        let (Ok(uri), false) = (Uri::from_file_path(&path), is_open) else {
            continue;
        };
        if let Some(document) = workspace.unopened(&path) {
            add(&uri, &document);
        }
    }
    Some(lsp::WorkspaceSymbolResponse::WorkspaceSymbolList(found))
}
