use crate::lsp::workspace::Workspace;
use gen_lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport,
};

pub fn pull(
    workspace: &Workspace<'_>,
    params: DocumentDiagnosticParams,
) -> DocumentDiagnosticReport {
    let open = workspace.document(&params.text_document.uri);
    let items = open.map_or_else(Vec::new, |open| {
        let found = open.found();
        let found = found.iter().map(|d| open.diagnostic(d, &workspace.client));
        found.collect()
    });
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: None,
            items,
        },
    }
    .into()
}
