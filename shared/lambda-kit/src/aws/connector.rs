//! One connection pool and one TLS setup for all clients, made at the first call.

use std::sync::OnceLock;

use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::shared::IntoShared;

/// For HTTPS endpoints, with the certificates of the system.
pub(super) fn https() -> SharedHttpClient {
    Once::new(|builder| builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()).into_shared()
}

/// For HTTP endpoints on this machine.
pub(super) fn plain() -> SharedHttpClient {
    Once::new(ConnectorBuilder::build_http).into_shared()
}

/// Makes its connector once, with the settings of the first call. All our clients have the same
/// settings. The SDK's own client parses all certificates anew for every service client built.
#[derive(Debug)]
struct Once {
    make: fn(ConnectorBuilder) -> Connector,
    connector: OnceLock<SharedHttpConnector>,
}

impl Once {
    fn new(make: fn(ConnectorBuilder) -> Connector) -> Self {
        Self { make, connector: OnceLock::new() }
    }
}

impl HttpClient for Once {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let make = || {
            let mut builder = Connector::builder().connector_settings(settings.clone());
            builder.set_sleep_impl(components.sleep_impl());
            SharedHttpConnector::new((self.make)(builder))
        };
        self.connector.get_or_init(make).clone()
    }
}
