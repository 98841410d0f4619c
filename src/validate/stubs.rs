//! Functions that can be planned and not run: each carries its name, its arguments and what it returns.

use super::functions::{self, Returns};
use super::types::{self, Attribute, Known};
use crate::syntax::TypeKind;
use datafusion::arrow::datatypes::{DataType as Arrow, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, not_impl_err};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, Expr, ReturnFieldArgs,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use std::sync::Arc;

/// How a stub finds out what it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Typing {
    Builtin(Returns),
    /// The type whose text is the second argument.
    Cast,
    /// The field of the first argument that the second names.
    Field,
    /// The element of the first argument.
    Item,
    /// By the operator's rules, on two arguments.
    Arithmetic,
    /// `INTERVAL`: what the first argument says.
    Interval,
    /// Results of a CASE: each odd argument from the second pair on, and the last.
    Case,
    /// The second argument, as it is.
    Second,
    /// The first argument, without its Flink type: rows of VALUES have to be of one planner's type.
    Plain,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ScalarStub {
    name: String,
    typing: Typing,
    signature: Signature,
}

fn any_arguments() -> Signature {
    Signature::one_of(
        vec![TypeSignature::VariadicAny, TypeSignature::Nullary],
        Volatility::Immutable,
    )
}

pub fn scalar(name: &str, typing: Typing) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(ScalarStub {
        name: name.to_owned(),
        typing,
        signature: any_arguments(),
    }))
}

pub fn call(name: &str, typing: Typing, args: Vec<Expr>) -> Expr {
    scalar(name, typing).call(args)
}

impl ScalarUDFImpl for ScalarStub {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[Arrow]) -> Result<Arrow> {
        Ok(Arrow::Null)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        if let (Typing::Plain, [value, ..]) = (self.typing, args.arg_fields) {
            return Ok(Arc::new(Field::new(
                &self.name,
                value.data_type().clone(),
                true,
            )));
        }
        let known: Vec<Option<Known>> = args.arg_fields.iter().map(|f| types::known(f)).collect();
        let text = |index: usize| match args.scalar_arguments.get(index) {
            Some(Some(ScalarValue::Utf8(Some(text)))) => Some(text.as_str()),
            _ => None,
        };
        let result = returned(self.typing, &known, text);
        let field = types::optional_field(&self.name, result.as_ref());
        let attribute = match &*self.name {
            "PROCTIME" | "MATCH_PROCTIME" | "$WINDOW_PROCTIME" => Some(Attribute::Proctime),
            "MATCH_ROWTIME" | "$WINDOW_ROWTIME" => Some(Attribute::Rowtime),
            _ => None,
        };
        Ok(Arc::new(types::with_attribute(field, attribute)))
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        not_impl_err!("{} can be planned, not run", self.name)
    }
}

fn returned<'a>(
    typing: Typing,
    args: &[Option<Known>],
    text: impl Fn(usize) -> Option<&'a str>,
) -> Option<Known> {
    let arg = |index: usize| args.get(index).and_then(Option::as_ref);
    let declared = |ty: &crate::syntax::DataType, exact: bool| Known {
        ty: ty.clone(),
        exact,
    };
    match typing {
        Typing::Builtin(returns) => functions::return_type(returns, args),
        Typing::Cast => crate::parser::parse_type(text(1)?).map(|ty| Known { ty, exact: true }),
        Typing::Field => {
            let of = arg(0)?;
            types::row_field(&of.ty, text(1)?).map(|ty| declared(ty, of.exact))
        }
        Typing::Item => {
            let of = arg(0)?;
            types::element(&of.ty).map(|ty| declared(ty, of.exact))
        }
        Typing::Arithmetic => arithmetic(arg(0)?, arg(1)?),
        Typing::Interval => Some(Known {
            ty: match text(0)? {
                "YEAR TO MONTH" => TypeKind::IntervalYearMonth,
                _ => TypeKind::IntervalDayTime,
            }
            .nullable(),
            exact: true,
        }),
        Typing::Case => {
            let mut results: Vec<_> = args.iter().skip(2).step_by(2).cloned().collect();
            if args.len().is_multiple_of(2) {
                results.push(args.last()?.clone());
            }
            functions::common(&results)
        }
        Typing::Second => args.get(1)?.clone(),
        Typing::Plain => None,
    }
}

/// The family that `+ - * / %` gives: a time and an interval give the time, otherwise both are of one family.
fn arithmetic(left: &Known, right: &Known) -> Option<Known> {
    use types::Family::*;
    let interval = |k: &Known| {
        matches!(
            types::family(&k.ty.kind),
            Some(IntervalYearMonth | IntervalDayTime)
        )
    };
    let time = |k: &Known| {
        matches!(
            types::family(&k.ty.kind),
            Some(Date | Time | Timestamp | TimestampLtz)
        )
    };
    let numeric = |k: &Known| types::family(&k.ty.kind) == Some(Numeric);
    let result = if (time(left) || numeric(left)) && interval(right) {
        if time(left) { left } else { right }
    } else if interval(left) && (time(right) || interval(right)) {
        right
    } else if interval(left) || (numeric(left) && numeric(right)) {
        left
    } else {
        return None;
    };
    Some(Known {
        ty: result.ty.kind.clone().nullable(),
        exact: false,
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct AggregateStub {
    name: String,
    returns: Returns,
    signature: Signature,
}

/// Also stands for functions that need OVER.
pub fn aggregate(name: &str, returns: Returns) -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(AggregateStub {
        name: name.to_owned(),
        returns,
        signature: any_arguments(),
    }))
}

impl AggregateUDFImpl for AggregateStub {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[Arrow]) -> Result<Arrow> {
        Ok(Arrow::Null)
    }

    fn return_field(&self, args: &[FieldRef]) -> Result<FieldRef> {
        let known: Vec<Option<Known>> = args.iter().map(|f| types::known(f)).collect();
        let result = functions::return_type(self.returns, &known);
        Ok(Arc::new(types::optional_field(&self.name, result.as_ref())))
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        not_impl_err!("{} can be planned, not run", self.name)
    }
}
