//! Requests to handlers, by the name of the method.

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Request, Response};
use serde::de::DeserializeOwned;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A request on its way to the handler that knows its method.
pub struct Dispatch {
    request: Option<Request>,
    response: Option<Response>,
}

impl Dispatch {
    pub fn new(request: Request) -> Self {
        Self {
            request: Some(request),
            response: None,
        }
    }

    /// Answers a request of this kind.
    pub fn on<R: lsp::Request>(self, handle: impl FnOnce(R::Params) -> R::Result) -> Self {
        self.method(R::METHOD.as_str(), |params| Ok(handle(params)))
    }

    /// The same for a request that may be refused, with what the editor shows then.
    pub fn on_refusing<R: lsp::Request>(
        self,
        handle: impl FnOnce(R::Params) -> Result<R::Result, String>,
    ) -> Self {
        self.method(R::METHOD.as_str(), handle)
    }

    /// Answers a method that is no part of the protocol.
    pub fn method<P: DeserializeOwned, A: serde::Serialize>(
        mut self,
        method: &str,
        handle: impl FnOnce(P) -> Result<A, String>,
    ) -> Self {
        let Some(request) = self.request.take_if(|r| r.method == method) else {
            return self;
        };
        let id = request.id;
        let params = match serde_json::from_value(request.params) {
            Ok(params) => params,
            Err(error) => {
                let code = ErrorCode::InvalidParams as i32;
                self.response = Some(Response::new_err(id, code, error.to_string()));
                return self;
            }
        };
        // A bug in one answer is no reason to stop answering.
        let answer = catch_unwind(AssertUnwindSafe(|| handle(params)));
        self.response = Some(match answer {
            Ok(Ok(answer)) => Response::new_ok(id, answer),
            Ok(Err(why)) => Response::new_err(id, ErrorCode::RequestFailed as i32, why),
            Err(_) => {
                let code = ErrorCode::InternalError as i32;
                Response::new_err(
                    id,
                    code,
                    format!("this is a bug in tidegate: {method} failed"),
                )
            }
        });
        self
    }

    pub fn finish(self) -> Option<Response> {
        self.response.or_else(|| {
            let request = self.request?;
            let code = ErrorCode::MethodNotFound as i32;
            let message = format!("tidegate does not know {}", request.method);
            Some(Response::new_err(request.id, code, message))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn request(method: &str) -> Request {
        Request {
            id: 7.into(),
            method: method.to_owned(),
            params: json!({}),
        }
    }

    fn answered(method: &str) -> Result<Value, (i32, String)> {
        let dispatch = Dispatch::new(request(method))
            .method("fails", |_: Value| -> Result<Value, String> {
                panic!("a bug")
            })
            .method("refuses", |_: Value| -> Result<Value, String> {
                Err("no".to_owned())
            })
            .method("answers", |_: Value| Ok(1));
        let response = dispatch.finish().expect("every request has an answer");
        response.response_result.map_err(|e| (e.code, e.message))
    }

    #[test]
    fn every_request_has_an_answer_also_if_its_handler_panics() {
        let code = |code: ErrorCode| code as i32;
        assert_eq!(answered("answers"), Ok(json!(1)));
        let refused = (code(ErrorCode::RequestFailed), "no".to_owned());
        assert_eq!(answered("refuses"), Err(refused));
        let bug = "this is a bug in tidegate: fails failed".to_owned();
        assert_eq!(
            answered("fails"),
            Err((code(ErrorCode::InternalError), bug))
        );
        let unknown = answered("nothing").unwrap_err();
        assert_eq!(unknown.0, code(ErrorCode::MethodNotFound));
    }
}
