use crate::lsp::server::Server;
use gen_lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport,
};

pub fn pull(server: &Server<'_>, params: DocumentDiagnosticParams) -> DocumentDiagnosticReport {
    let open = server.document(&params.text_document.uri);
    let items = open.map_or_else(Vec::new, |open| {
        let found = open.found();
        let found = found.iter().map(|d| open.diagnostic(d, &server.client));
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
