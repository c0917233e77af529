//! Where panics stop.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

use crate::{
    diagnostics::{self, Severity},
    error::SatchelError,
};

/// Records where panics happen, of background tasks too, in the diagnostics. What they say is left out: it may quote data.
pub(crate) fn record_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
            diagnostics::record(Severity::Error, "panic", format!("a panic at {place}"));
            before(info);
        }));
    });
}

/// Runs a call of the app to its end, on a task of its own: an app that stops waiting stops nothing half-way, and a panic
/// becomes an error.
///
/// Whatever a panic interrupted is rolled back by the store: its locks ignore poison, its transactions end with them.
pub(crate) async fn guarded<T: Send + 'static>(
    call: impl Future<Output = Result<T, SatchelError>> + Send + 'static,
) -> Result<T, SatchelError> {
    tokio::spawn(call).await.unwrap_or_else(|_| Err(panicked()))
}

/// The same for calls that do not wait.
pub(crate) fn guarded_now<T>(call: impl FnOnce() -> Result<T, SatchelError>) -> Result<T, SatchelError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> SatchelError {
    SatchelError::Internal { explanation: "a fault of this library; its diagnostics say where".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{ALONE, diagnostics};

    #[tokio::test]
    async fn a_panic_becomes_an_error_and_an_entry_without_its_words() {
        let _alone = ALONE.lock().await;
        record_panics();
        let waited: Result<(), _> = guarded(async { panic!("the customer's name") }).await;
        assert!(matches!(waited, Err(SatchelError::Internal { .. })));
        let at_once: Result<(), _> = guarded_now(|| panic!("the customer's name"));
        assert!(matches!(at_once, Err(SatchelError::Internal { .. })));
        let told = diagnostics().into_iter().filter(|entry| entry.area == "panic").collect::<Vec<_>>();
        assert!(told.len() >= 2 && told.iter().all(|entry| entry.text.contains("guard.rs")), "{told:?}");
        assert!(told.iter().all(|entry| !entry.text.contains("customer")), "{told:?}");
    }
}
