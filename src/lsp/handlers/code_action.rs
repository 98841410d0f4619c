use crate::ide::{self, Action, ActionKind};
use crate::lsp::own::FIX_ALL;
use crate::lsp::workspace::Workspace;
use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse};

type Answer = Option<Vec<CodeActionResponse>>;

pub fn handle(workspace: &Workspace<'_>, params: CodeActionParams) -> Answer {
    let (open, client) = (
        workspace.document(&params.text_document.uri)?,
        &workspace.client,
    );
    // `only` names kinds, or kinds of kinds.
    let wanted = |kind: &CodeActionKind| {
        let only = params.context.only.as_ref();
        only.is_none_or(|only| only.iter().any(|o| holds(o.as_str(), kind.as_str())))
    };
    let named = params.context.only.is_some();
    let fix_all = CodeActionKind::from(FIX_ALL.to_owned());
    let mut answer: Vec<CodeActionResponse> = Vec::new();
    let kinds = [CodeActionKind::QuickFix, CodeActionKind::RefactorRewrite];
    if kinds.iter().any(&wanted) {
        let findings = open.found();
        let range = open.span(params.range, client);
        let actions = ide::actions(&open.document, &open.around, &findings, range);
        let actions = actions.into_iter().map(|action: Action| CodeAction {
            title: action.title,
            kind: Some(match action.kind {
                ActionKind::Fix | ActionKind::Ignore => CodeActionKind::QuickFix,
                ActionKind::Rewrite => CodeActionKind::RefactorRewrite,
            }),
            diagnostics: action
                .finding
                .map(|i| vec![open.diagnostic(&findings[i], client)]),
            is_preferred: action.preferred.then_some(true),
            edit: Some(open.workspace_edit(&action.edits, client)),
            ..CodeAction::default()
        });
        let actions = actions.filter(|a| a.kind.as_ref().is_none_or(&wanted));
        answer.extend(actions.map(CodeActionResponse::CodeAction));
    }
    // All of them only where they are asked for, as on saving.
    if named && wanted(&fix_all) {
        let edit = ide::fix_all(&open.document, &open.around);
        answer.extend(edit.map(|edit| {
            CodeActionResponse::CodeAction(CodeAction {
                title: "fix all that tidegate can fix safely".to_owned(),
                kind: Some(fix_all),
                edit: Some(open.workspace_edit(&[edit], client)),
                ..CodeAction::default()
            })
        }));
    }
    Some(answer)
}

fn holds(outer: &str, kind: &str) -> bool {
    let rest = kind.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn kinds_hold_those_below_them() {
        assert!(holds("source", FIX) && holds("source.fixAll", FIX) && holds("", FIX));
        assert!(!holds("source.fix", FIX) && !holds("source.fixAll.other", FIX));
    }

    const FIX: &str = "source.fixAll.tidegate";
}
