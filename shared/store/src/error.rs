//! SDK errors as the port's errors.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use casework::ledger::LedgerError;

/// Any SDK error that is not an expected refusal: the code is kept, never the request.
pub(crate) fn unavailable<E: ProvideErrorMetadata, R>(error: SdkError<E, R>) -> LedgerError {
    let what = match &error {
        SdkError::ServiceError(inner) => inner.err().code().unwrap_or("service error").to_owned(),
        SdkError::TimeoutError(_) => "timeout".to_owned(),
        SdkError::DispatchFailure(_) => "no connection".to_owned(),
        SdkError::ResponseError(_) => "unreadable answer".to_owned(),
        // Construction failures, and whatever the SDK may add: nothing was sent.
        SdkError::ConstructionFailure(_) | _ => "request not sent".to_owned(),
    };
    LedgerError::Unavailable(what)
}

/// Whether a write was made; `false` when its condition refused it.
pub(crate) fn applied<T, E: ProvideErrorMetadata, R>(sent: Result<T, SdkError<E, R>>) -> Result<bool, LedgerError> {
    match sent {
        Ok(_) => Ok(true),
        Err(SdkError::ServiceError(refused)) if refused.err().code() == Some("ConditionalCheckFailedException") => {
            Ok(false)
        }
        Err(error) => Err(unavailable(error)),
    }
}
